// Recorder for the pprof-rs fixture: two named threads, inlining, closures,
// trait objects and generics. In: output path. Out: raw (not gzip'ed) protobuf.
use pprof::protos::Message;
use std::collections::BTreeMap;
use std::io::Write;
use std::time::{Duration, Instant};

trait Job {
    fn run(&self, n: u64) -> u64;
}

struct Hash;
struct Count<T>(T);

#[inline(always)]
fn mix(x: u64) -> u64 {
    (x ^ (x >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[inline(always)]
fn mix_twice(x: u64) -> u64 {
    mix(mix(x) ^ x)
}

impl Job for Hash {
    #[inline(never)]
    fn run(&self, n: u64) -> u64 {
        (0..n * 200).fold(1, |a, b| mix_twice(a ^ b))
    }
}

impl<T: Copy + Into<u64>> Job for Count<T> {
    #[inline(never)]
    fn run(&self, n: u64) -> u64 {
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for i in 0..n {
            *seen.entry(format!("k{}", mix(i) % 97)).or_insert(0) += self.0.into();
        }
        seen.values().sum()
    }
}

#[inline(never)]
fn fib(n: u32) -> u64 {
    if n < 2 {
        return n as u64;
    }
    fib(n - 1) + fib(n - 2)
}

fn work(until: Instant) -> u64 {
    let jobs: Vec<Box<dyn Job>> = vec![Box::new(Hash), Box::new(Count(3u8)), Box::new(Count(5u32))];
    let mut sum = 0u64;
    while Instant::now() < until {
        sum = jobs.iter().map(|j| j.run(400)).fold(sum, u64::wrapping_add);
        let mut v: Vec<u64> = (0..4000).map(mix).collect();
        v.sort_by(|a, b| (b % 1000).cmp(&(a % 1000)));
        sum = sum.wrapping_add(v[0]).wrapping_add(fib(18));
    }
    sum
}

fn main() {
    let out = std::env::args().nth(1).expect("usage: fixture OUT");
    let guard = pprof::ProfilerGuardBuilder::default()
        .frequency(250)
        .blocklist(&["libc", "libgcc", "pthread", "vdso"])
        .build()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(3);
    let other = std::thread::Builder::new().name("helper".into()).spawn(move || work(until)).unwrap();
    let sum = work(until).wrapping_add(other.join().unwrap());
    let profile = guard.report().build().unwrap().pprof().unwrap();
    let bytes = profile.write_to_bytes().unwrap();
    std::fs::File::create(out).unwrap().write_all(&bytes).unwrap();
    println!("{sum}");
}
