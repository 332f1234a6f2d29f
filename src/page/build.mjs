/** Bundles what runs in report.html into dist/page/report.js: one script, for pages that need nothing from outside themselves. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const outfile = join(here, '../../dist/page/report.js');

await build({
  entryPoints: [join(here, 'main.ts')],
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'iife',
  target: ['chrome109', 'firefox115', 'safari16'],
  alias: { vega: join(here, 'vega-subset.mjs') },
  legalComments: 'none',
  outfile,
});
process.stdout.write('dist/page/report.js\n');
