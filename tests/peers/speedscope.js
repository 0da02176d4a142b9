// What speedscope reads: total and each function's own weight, by its published bundle without a browser.
// In: directory of the npm package, a file. Out: "total N", then "NAME<tab>WEIGHT" lines sorted by bytes; exit 77 if the
// bundle is not built as expected (then nothing can be said).
'use strict';
const fs = require('fs');
const path = require('path');
const vm = require('vm');

function bundle(directory) {
  const release = path.join(directory, 'dist', 'release');
  const name = fs.readdirSync(release).find(file => /^speedscope-\w+\.js$/.test(file));
  return fs.readFileSync(path.join(release, name), 'utf8');
}

// Anything a page may be asked for at start; nothing is drawn.
function page() {
  const nothing = new Proxy(function () {}, {
    get: (target, key) => (key === Symbol.toPrimitive ? () => '' : key === Symbol.iterator ? function* () {} : key === 'then' ? undefined : nothing),
    apply: () => nothing,
    construct: () => nothing,
    set: () => true,
    has: () => true,
  });
  return nothing;
}

function importer(code) {
  const at = /Promise\.resolve\(\)\.then\(\(\)=>\((\w+)\(\),(\w+)\)\)/.exec(code);
  if (!at) return null;
  const patched = code.replace(/var (\w+)=Promise\.resolve\(\)\.then\(\(\)=>\((\w+)\(\),(\w+)\)\)/,
    'globalThis.importer=()=>($2(),$3);$&');
  const nothing = page();
  const context = vm.createContext({console: {log() {}, error() {}, warn() {}}, TextDecoder, TextEncoder, performance, setTimeout, clearTimeout, URL,
    document: nothing, navigator: {userAgent: ''}, location: {hash: '', protocol: 'file:'}, localStorage: nothing,
    HTMLElement: class {}, HTMLCanvasElement: class {}, requestAnimationFrame() {}, addEventListener() {}, matchMedia: () => nothing});
  context.window = context.self = context;
  try {
    vm.runInContext(patched, context);
  } catch (error) {
    if (!context.importer) throw error; // what comes behind is the page
  }
  return context.importer ? context.importer() : null;
}

async function main(directory, file) {
  process.on('unhandledRejection', () => {});
  const speedscope = importer(bundle(directory));
  if (!speedscope || !speedscope.importProfileGroupFromText) process.exit(77);
  const group = await speedscope.importProfileGroupFromText('x.txt', fs.readFileSync(file, 'utf8'));
  const profile = group.profiles[0];
  const lines = [];
  profile.forEachFrame(frame => lines.push(frame.name + '\t' + frame.getSelfWeight()));
  lines.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  process.stdout.write('total ' + profile.getTotalNonIdleWeight() + '\n' + lines.join('\n') + '\n');
}

main(process.argv[2], process.argv[3]).catch(error => {
  process.stderr.write(error.stack + '\n');
  process.exit(1);
});
