/**
 * Bundles the package's own modules: a start loads ten files in place of four hundred, and takes half the time. Packages stay outside, so that a
 * user's rxjs and apache-arrow are the same ones; but for zod/mini, of which the little that parameters need is taken in. Shared code goes to src/chunk/: as deep as a room, so that paths by `import.meta.url` hold.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Packages that are bundled: the first answer to an import counts, and `packages: 'external'` comes after. */
const takenIn = {
  name: 'taken-in',
  setup: (bundle) =>
    bundle.onResolve({ filter: /^zod\/mini$/ }, ({ path }) => ({ path: fileURLToPath(import.meta.resolve(path)) })),
};

const pipelines = readdirSync('pipelines').filter((file) => file.endsWith('.ts'));
for (const folder of ['dist/src', 'dist/pipelines']) rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  metafile: true,
  entryPoints: [
    'src/index.ts',
    'src/cli/main.ts',
    'src/flow/worker.ts',
    'src/fit/bootstrap-worker.ts',
    ...pipelines.map((file) => `pipelines/${file}`),
  ],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  plugins: [takenIn],
  outdir: 'dist',
  outbase: '.',
  chunkNames: 'src/chunk/[name]-[hash]',
  sourcemap: true,
  sourcesContent: false,
});

// Deeper or shallower than a room, a path by `import.meta.url` would lead elsewhere.
for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
  if (file.split('/').length === 4 || !readFileSync(file, 'utf8').includes('import.meta.url')) continue;
  throw new Error(`${file} uses import.meta.url at another depth than its sources: ${Object.keys(inputs).join(', ')}`);
}
