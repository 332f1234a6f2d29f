import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { kernelVariant } from '../../src/kernel/variant.ts';
import type { Benchmark, Timing } from './benchmark.ts';
import { tellRow } from './rows.ts';

/**
 * npm run bench -- [word …]: runs the benchmarks of a file by its name, those of it whose name holds a part (`gpu:kernel`), or those whose file or
 * name holds a word; all without words. Each prints its time, the time of its reference in the same run where it has one, and their ratio; one that
 * fails says why, and the next begins.
 */
const words = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter(
    (file) =>
      file.endsWith('.ts') &&
      !['main.ts', 'benchmark.ts', 'rows.ts', 'python.ts', 'measure.ts', 'gpu-dense.ts', 'gpu-training.ts'].includes(
        file,
      ),
  )
  .sort();
/** The file that a word names, if it names one. */
const fileOf = (word: string): string | undefined => files.find((file) => file === `${word.split(':')[0]}.ts`);
const wanted = (file: string, name: string): boolean =>
  words.length === 0 ||
  words.some((word) => {
    const named = fileOf(word);
    if (named === undefined) return `${file} ${name}`.includes(word);
    return named === `${file}.ts` && name.includes(word.slice(file.length + 1));
  });

const time = (seconds: number): string =>
  seconds >= 1
    ? `${seconds.toFixed(2)} s`
    : seconds >= 1e-3
      ? `${(seconds * 1e3).toFixed(2)} ms`
      : seconds >= 1e-6
        ? `${(seconds * 1e6).toFixed(2)} µs`
        : seconds >= 1e-9
          ? `${(seconds * 1e9).toFixed(2)} ns`
          : `${(seconds * 1e12).toFixed(3)} ps`;

console.log(
  `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)} · Node ${process.version} · kernels: ${kernelVariant()}\n`,
);
// Files are loaded where they may hold what is asked for: some look for a graphics card.
const byFile = words.length > 0 && words.every((word) => fileOf(word) !== undefined);
for (const file of files) {
  if (byFile && !words.some((word) => fileOf(word) === file)) continue;
  const module = (await import(`./${file}`)) as { default?: readonly Benchmark[] };
  const chosen = (module.default ?? []).filter(({ name }) => wanted(file.replace('.ts', ''), name));
  if (chosen.length > 0) console.log(`${file.replace('.ts', '')}`);
  for (const benchmark of chosen) {
    let timing: Timing;
    try {
      timing = await benchmark.run();
    } catch (error) {
      process.exitCode = 1;
      console.log(`  ${benchmark.name}: failed: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    const { seconds, referenceSeconds, note, rows = [] } = timing;
    for (const row of rows) tellRow(row);
    const ratio =
      referenceSeconds === undefined
        ? ''
        : `  ×${(referenceSeconds / seconds).toPrecision(3)} against ${time(referenceSeconds)}`;
    console.log(`  ${benchmark.name}: ${time(seconds)}${ratio}  ${note}`);
    if (rows.length > 0) continue;
    const cells = {
      benchmark: benchmark.name,
      time: time(seconds),
      'against its reference': ratio.trim() || '–',
      note,
    };
    tellRow({ table: 'Other benchmarks', cells });
  }
}
