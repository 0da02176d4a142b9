"""Recorder for the Python fixtures: CPU and wall time (zprofile), heap
(mprofile) and threads (pypprof). In: output directory. Out: four profiles."""
import json
import re
import sys
import threading
import time

import mprofile
from pypprof import net_http, thread_profiler
from zprofile.cpu_profiler import CPUProfiler
from zprofile.wall_profiler import WallProfiler


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


class Shop:
    def __init__(self, n):
        self.items = [{"id": i, "name": "n%d" % (i % 17)} for i in range(n)]

    def encode(self):
        return len(json.dumps(self.items, indent=1))

    def ordered(self):
        return sorted(self.items, key=lambda x: (x["name"], -x["id"]))[0]["id"]


def text(n):
    return len(re.findall(r"(\w+)@(\w+)", "user@host.example " * n))


def round_of_work():
    shop = Shop(300)
    return shop.encode() + shop.ordered() + text(200) + fib(15)


def größe(until):
    while time.monotonic() < until:
        round_of_work()


def write(name, data):
    with open(sys.argv[1] + "/" + name, "wb") as f:
        f.write(data)


def cpu():
    until = time.monotonic() + 2.5
    other = threading.Thread(target=größe, args=(until,), name="helper")
    other.start()
    box = []
    profiler = threading.Thread(target=lambda: box.append(CPUProfiler().profile(2)))
    profiler.start()
    größe(until)
    profiler.join()
    other.join()
    write("good-zprofile-cpu.pb.gz", box[0])


def wall():
    profiler = WallProfiler()
    profiler.register_handler()
    box = []
    other = threading.Thread(target=lambda: box.append(profiler.profile(2)))
    other.start()
    until = time.monotonic() + 2.3
    while time.monotonic() < until:
        round_of_work()
        time.sleep(0.005)
    other.join()
    write("good-zprofile-wall.pb.gz", box[0])


def heap():
    mprofile.start(sample_rate=512)
    keep = [Shop(200) for _ in range(5)] + [bytearray(1 << (i % 14)) for i in range(200)]
    snapshot = mprofile.take_snapshot()
    write("good-pypprof-heap.pb.gz", net_http.build_heap_pprof(snapshot))
    mprofile.stop()
    return len(keep)


def threads():
    stop = threading.Event()

    def inner():
        stop.wait()

    many = [threading.Thread(target=inner if i % 2 else stop.wait) for i in range(6)]
    for t in many:
        t.start()
    time.sleep(0.2)
    write("good-pypprof-threads.pb.gz", thread_profiler.take_snapshot())
    stop.set()
    for t in many:
        t.join()


wall()
cpu()
threads()
heap()
