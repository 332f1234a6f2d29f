/**
 * Bundles the package's own modules: a start loads some dozens of files in place of hundreds. Twice: as the command line, with rxjs and
 * apache-arrow taken in, whose files alone would be most of a start; and as the library, beside whose rxjs and apache-arrow a program may have
 * no other copies. Shared code goes to src/chunk/: as deep as a room, so that paths by `import.meta.url` hold.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeLicences } from './licences.mjs';

const fileOf = (name) => fileURLToPath(import.meta.resolve(name));

/**
 * Packages of which a module takes in what it uses. What rxjs has for Node is CommonJS, which would come as a whole. Vega and Vega-Lite, 58
 * packages, are one file in `dist/vendor`, and so are BullMQ and its client of Redis, 18 packages.
 */
const library = {
  'zod/mini': fileOf('zod/mini'),
  vega: '#vendor/vega.js',
  'vega-lite': '#vendor/vega.js',
  bullmq: '#vendor/queue.js',
  ioredis: '#vendor/queue.js',
};
/**
 * Packages that the command line has in a file each: `#vendor` of package.json. By themselves, since modules that import each other in circles,
 * as those of apache-arrow, hold in their own order only.
 */
const packages = ['apache-arrow', 'cli-progress', 'commander', 'pino', 'pino-pretty'];
const commandLine = {
  ...library,
  rxjs: join(dirname(fileOf('rxjs')), '../esm/index.js'),
  tslib: join(dirname(fileOf('tslib')), '../tslib.es6.mjs'),
  ...Object.fromEntries(packages.map((name) => [name, `#vendor/${name}.js`])),
};

/** The module that defines each name of the public face, as its lines say; what they don't name is of pipeline.ts. */
const homes = new Map();
for (const group of readdirSync('src/public')) {
  const lines = readFileSync(join('src/public', group), 'utf8').matchAll(/^export \{([^}]*)\} from '\.\.\/(.*)';$/gm);
  for (const [, names, file] of lines) for (const name of names.split(',')) homes.set(name.trim(), file);
}
const importOf = (name) => `import { ${name} } from '../src/${homes.get(name) ?? 'pipeline.ts'}';`;

/** Pipelines of the package import from `crackle`; built, they load what they name, not all that there is. */
const direct = {
  name: 'direct',
  setup: (bundle) =>
    bundle.onLoad({ filter: /\/pipelines\/[^/]*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replace(/^import \{([^}]*)\} from 'crackle';$/gm, (_, names) =>
        names
          .match(/[^,\s][^,]*/g)
          .map((name) => importOf(name.trim()))
          .join(' '),
      ),
    })),
};

const threads = ['src/flow/worker.ts', 'src/run/drawing-worker.ts', 'src/fit/bootstrap-worker.ts'];
/** Entry of a process. */
const trial = 'src/run/card-trial-process.ts';
const pipelines = readdirSync('pipelines').filter((file) => file.endsWith('.ts'));
const faces = ['src/index.ts', 'src/flow/own-arrow.ts', ...pipelines.map((file) => `pipelines/${file}`)];
/** Modules that only src/index.ts leads to would be part of it, less deep than they were; as entries they aren't. */
const located = ['src/fit/goodness-of-fit.ts', 'src/flow/pool.ts', 'src/run/drawing.ts'];

const common = { bundle: true, metafile: true, format: 'esm', platform: 'node', target: 'node20' };

async function bundle(outdir, entryPoints, alias) {
  for (const folder of ['src', 'pipelines']) rmSync(join(outdir, folder), { recursive: true, force: true });
  const { metafile } = await build({
    ...common,
    entryPoints,
    splitting: true,
    packages: 'external',
    external: ['#vendor/*'],
    alias,
    plugins: [direct],
    outdir,
    outbase: '.',
    chunkNames: 'src/chunk/[name]-[hash]',
    sourcemap: true,
    sourcesContent: false,
  });
  writeLicences(metafile.inputs, join(outdir, 'src/LICENSES.txt'));
  // Deeper or shallower than a room, a path by `import.meta.url` would lead elsewhere.
  for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
    const deep = file.slice(outdir.length + 1).split('/').length;
    if (deep === 3 || !readFileSync(file, 'utf8').includes('import.meta.url')) continue;
    throw new Error(
      `${file} uses import.meta.url at another depth than its sources: ${Object.keys(inputs).join(', ')}`,
    );
  }
}

/** What CommonJS requires of Node. */
const banner = {
  js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
};
const inputs = {};
for (const name of packages) {
  const names = Object.keys(await import(name)).filter((key) => /^(?!default$)[A-Za-z]\w*$/.test(key));
  // A package in CommonJS has a default only, unless its names are told.
  const told = `import all from '${name}'; export default all; export const { ${names.join(', ')} } = all;`;
  const { metafile } = await build({
    ...common,
    stdin: { contents: /\.mjs$/.test(fileOf(name)) ? `export * from '${name}';` : told, resolveDir: '.' },
    outfile: `dist/vendor/${name}.js`,
    banner,
  });
  Object.assign(inputs, metafile.inputs);
}
for (const [name, external] of [
  // Asked for where there is one, which draws nothing here.
  ['vega', ['canvas']],
  // Other databases and telemetry, asked for where they are.
  ['queue', ['pg', 'redis', 'bullmq-otel', 'msgpackr-extract']],
]) {
  const { metafile } = await build({
    ...common,
    entryPoints: [`src/vendor/${name}.mjs`],
    outfile: `dist/vendor/${name}.js`,
    minifyWhitespace: true,
    external,
    banner,
  });
  Object.assign(inputs, metafile.inputs);
}
writeLicences(inputs, 'dist/vendor/LICENSES.txt');
await bundle('dist', ['src/cli/main.ts', trial, ...threads, ...faces], commandLine);
await bundle('dist/library', [...located, trial, ...threads, ...faces], library);
