import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { complaint, type Row, tried } from './attempt.ts';
import { type Scene, versionOf } from './scene.ts';

const program = `import { columnsSource, fitColumn, ParameterError, run } from 'crackle';
import gaussian from 'crackle/pipelines/gaussian-avalanches';
const size = Float64Array.from({ length: 1000 }, (_, i) => ((i + 0.5) / 1000) ** -2);
const { report } = await fitColumn(columnsSource({ size }), { xmin: 1, alternatives: false });
if (report.exponent.toFixed(1) !== '1.5') throw new Error('another exponent');
const named = await run('regimes', {}).catch((error) => error);
if (!(named instanceof ParameterError)) throw new Error('a pipeline by name in a bundle');
const { tables } = await run(gaussian, { widths: [16], depth: 60, valid: 200, alternatives: false });
if (tables.ensemble[0].valid < 200) throw new Error('too few avalanches');
const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
console.log(added.join(', '));
`;

/** The library in one file, run where crackle is installed: fits, runs a pipeline, says that names of pipelines aren't in it. */
export function bundlers(scene: Scene): Row[] {
  const { own } = scene.installed();
  writeFileSync(join(own, 'program.mjs'), program);
  const names = '[...Object.getOwnPropertyNames(globalThis), "before"]';
  writeFileSync(join(own, 'start.mjs'), `globalThis.before = ${names}; await import(process.argv[2]);`);
  mkdirSync(join(own, 'bundled'), { recursive: true });
  const made = {
    esbuild: [
      'program.mjs',
      '--platform=node',
      '--format=esm',
      '--bundle',
      '--log-level=error',
      '--outfile=bundled/esbuild.mjs',
    ],
    rolldown: [
      'program.mjs',
      '--platform',
      'node',
      '--format',
      'esm',
      '--no-codeSplitting',
      '--file',
      'bundled/rolldown.mjs',
    ],
  };
  return Object.entries(made).map(([name, words]) => {
    const path = scene.tool(name);
    const file = `bundled/${name}.mjs`;
    const bundles = complaint([join(path, '../.bin', name), ...words], own);
    const log = join(own, 'globals.txt');
    const shell = ['sh', '-c', `"$0" --no-warnings start.mjs ./${file} > globals.txt`, process.execPath];
    const runs = bundles ?? complaint(shell, own);
    const globals = runs === undefined ? readFileSync(log, 'utf8').trim() : '';
    const works = tried({ bundle: bundles, 'its run': runs });
    return {
      what: `bundle by ${name}`,
      version: versionOf(path),
      works: works === 'yes' ? `yes (new globals: ${globals || 'none'})` : works,
      mb: bundles === undefined ? (readFileSync(join(own, file)).length / 1e6).toFixed(1) : '',
    };
  });
}
