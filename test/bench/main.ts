import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { kernelVariant } from '../../src/kernel/variant.ts';
import type { Benchmark } from './benchmark.ts';

/**
 * npm run bench -- [word …]: runs the benchmarks of a file by its name, or those whose file or name holds a word; all without words. Each prints its time, the time of
 * its reference in the same run where it has one, and their ratio.
 */
const words = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !['main.ts', 'benchmark.ts', 'honest-errors.ts'].includes(file))
  .sort();
const wanted = (file: string, name: string): boolean =>
  words.length === 0 ||
  words.some((word) => (files.includes(`${word}.ts`) ? file === word : `${file} ${name}`.includes(word)));

const time = (seconds: number): string =>
  seconds >= 1
    ? `${seconds.toFixed(2)} s`
    : seconds >= 1e-3
      ? `${(seconds * 1e3).toFixed(2)} ms`
      : `${(seconds * 1e6).toFixed(2)} µs`;

console.log(
  `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)} · Node ${process.version} · kernels: ${kernelVariant()}\n`,
);
// Files are loaded where they may hold what is asked for: some look for a graphics card.
const byFile = words.length > 0 && words.every((word) => files.includes(`${word}.ts`));
for (const file of files) {
  if (byFile && !words.includes(file.replace('.ts', ''))) continue;
  const module = (await import(`./${file}`)) as { default?: readonly Benchmark[] };
  const chosen = (module.default ?? []).filter(({ name }) => wanted(file.replace('.ts', ''), name));
  if (chosen.length > 0) console.log(`${file.replace('.ts', '')}`);
  for (const benchmark of chosen) {
    const { seconds, referenceSeconds, note } = await benchmark.run();
    const ratio =
      referenceSeconds === undefined
        ? ''
        : `  ×${(referenceSeconds / seconds).toPrecision(3)} against ${time(referenceSeconds)}`;
    console.log(`  ${benchmark.name}: ${time(seconds)}${ratio}  ${note}`);
  }
}
