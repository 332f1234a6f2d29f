/**
 * Takes in packages of which a run needs a little and an install would bring all: the special functions of stdlib (22 MB in 300 packages),
 * TensorFlow.js's engines on JavaScript and WebAssembly (286 MB with all that comes along), the client of S3 (60 packages), three faces of DejaVu
 * Sans (of 21).
 * CommonJS, since TensorFlow.js looks for its WebAssembly beside itself. Licences stay in the files.
 */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeLicences } from '../licences.mjs';

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../../dist/vendor');
const folderOf = (name) => dirname(require.resolve(`${name}/package.json`));

mkdirSync(out, { recursive: true });
const common = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  minifyWhitespace: true,
  outdir: out,
  outExtension: { '.js': '.cjs' },
};
await build({
  ...common,
  entryPoints: ['special', 'tensorflow'].map((name) => join(here, `${name}.mjs`)),
  // The backends register themselves, in files that their package.json calls free of side effects.
  ignoreAnnotations: true,
  // Asked for only to read models from the network, which nobody does.
  external: ['node-fetch'],
  legalComments: 'eof',
});
const { metafile } = await build({ ...common, entryPoints: [join(here, 's3.mjs')], metafile: true });
writeLicences(metafile.inputs, join(out, 's3-LICENSES.txt'));

const wasm = join(folderOf('@tensorflow/tfjs-backend-wasm'), 'wasm-out');
for (const file of readdirSync(wasm)) if (file.endsWith('.wasm')) copyFileSync(join(wasm, file), join(out, file));

const fonts = folderOf('dejavu-fonts-ttf');
for (const face of ['DejaVuSans', 'DejaVuSans-Bold', 'DejaVuSans-Oblique'])
  copyFileSync(join(fonts, 'ttf', `${face}.ttf`), join(out, `${face}.ttf`));
copyFileSync(join(fonts, 'LICENSE'), join(out, 'DejaVu-LICENSE'));
process.stdout.write('dist/vendor\n');
