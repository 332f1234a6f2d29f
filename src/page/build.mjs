/** Bundles what runs in pages into dist/page: one script each for report.html and for the page that follows a run. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeLicences } from '../licences.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, '../../dist/page');

const { metafile } = await build({
  metafile: true,
  entryPoints: { report: join(here, 'main.ts'), live: join(here, 'live.ts') },
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'iife',
  target: ['chrome109', 'firefox115', 'safari16'],
  alias: { vega: join(here, 'vega-subset.mjs') },
  legalComments: 'none',
  outdir,
});
writeLicences(metafile.inputs, join(outdir, 'LICENSES.txt'));
process.stdout.write('dist/page/{report,live}.js\n');
