// Recorder for the Node fixtures: wall time with cpu time and contexts as
// labels, one with line and column numbers, and a sampled heap profile.
// In: output directory. Out: three profiles, gzip'ed by the library itself,
// except the heap one, which is written raw.
'use strict';
const fs = require('fs');
const path = require('path');
const pprof = require('@datadog/pprof');

const bundle = require('./bundle');
const out = process.argv[2];
let sink = 0;

function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

class Parser {
  parse(n) {
    const doc = JSON.stringify(Array.from({length: n}, (_, i) => ({id: i, name: `n${i % 17}`})));
    return JSON.parse(doc).filter(x => x.name === 'n3').length;
  }
  static match(n) {
    const re = /(\w+)@(\w+)\.example/g;
    return ('user@host.example '.repeat(n).match(re) || []).length;
  }
}

const anonymous = [n => [...Array(n).keys()].sort((a, b) => (b * 7919) % 101 - (a * 7919) % 101)[0], function (n) { return fib(n % 18); }];

function round(n) {
  sink += fib(20) + new Parser().parse(n) + Parser.match(n);
  for (const f of anonymous) sink += f(n);
}

function spin(ms, each) {
  const until = Date.now() + ms;
  for (let k = 0; Date.now() < until; k++) each(k);
}

const wait = ms => new Promise(r => setTimeout(r, ms));

async function wall() {
  pprof.time.start({intervalMicros: 10000, withContexts: true, collectCpuTime: true, lineNumbers: false});
  for (let k = 0; k < 25; k++) {
    pprof.time.setContext(k % 5 === 4 ? undefined : {endpoint: ['/list', '/search?q=a b', '/put'][k % 3], span: k});
    spin(60, () => round(300));
    await wait(20);
  }
  const profile = pprof.time.stop(false, ({context}) => (context && context.context) || {});
  fs.writeFileSync(path.join(out, 'good-node-wall.pb.gz'), await pprof.encode(profile));
}

// The library writes columns only for files whose source map is missing.
async function lines() {
  const sourceMapper = await pprof.SourceMapper.create([__dirname]);
  pprof.time.start({intervalMicros: 5000, lineNumbers: true, columnNumbers: 'emit', sourceMapper});
  spin(1500, () => { round(300); sink += bundle.run(20); });
  const profile = pprof.time.stop(false);
  fs.writeFileSync(path.join(out, 'good-node-lines.pb.gz'), await pprof.encode(profile));
}

function heap() {
  pprof.heap.start(4096, 64);
  const keep = [];
  spin(400, k => {
    round(60);
    if (k % 4 === 0 && keep.length < 500) keep.push(Array.from({length: 64}, (_, i) => ({i, s: 'x' + i})));
  });
  fs.writeFileSync(path.join(out, 'good-node-heap.pb'), pprof.heap.profile(undefined, undefined).encode());
  pprof.heap.stop();
  sink += keep.length;
}

(async () => {
  await wall();
  await lines();
  heap();
})();
