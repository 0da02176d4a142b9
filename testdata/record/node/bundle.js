// Stands for a minified bundle: several functions on one line, map file missing.
'use strict';
const a = n => { let x = 1; for (let i = 0; i < n * 9000; i++) x = (x * 31 + i) % 65521; return x; }, b = n => n < 2 ? n : b(n - 1) + b(n - 2); exports.run = n => a(n) + b(n);
//# sourceMappingURL=bundle.js.map
