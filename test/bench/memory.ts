import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, short, type Timing } from './benchmark.ts';
import { measure } from './measure.ts';

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  readonly nodeOptions?: string;
}

/** Peak resident size of whole runs with two workers: it must not grow with the number of avalanches, nor with depth. */
async function peaks(label: string, cases: readonly Case[]): Promise<Timing> {
  const found: string[] = [];
  const sizes: number[] = [];
  let seconds = 0;
  for (const { name, words, nodeOptions } of cases) {
    const out = mkdtempSync(join(tmpdir(), 'crackle-memory-'));
    try {
      const common = ['run', ...words, '--no-figures', '--workers', '2', '--progress', 'none'];
      const measured = await measure([...common, '--out', join(out, 'run')], nodeOptions);
      seconds += measured.seconds;
      sizes.push(measured.peak);
      found.push(`${name}: ${measured.peak.toFixed(0)} MiB in ${measured.cpu.toFixed(0)} CPU s`);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  }
  const spread = Math.max(...sizes) / Math.min(...sizes) - 1;
  const note = sizes.length > 1 ? `; largest over smallest +${(100 * spread).toFixed(0)} %` : '';
  return { seconds, note: `${label} ${found.join(', ')}${note}` };
}

const gaussian = ['gaussian-avalanches', '--engine', 'effective', '--widths', '1000'];
const signals = [...gaussian, '--record', 'signal,avalanche', '--depth', '1000'];
const recorded = [...gaussian, '--record', 'avalanche'];

const finiteSize: Case = short
  ? { name: 'a tenth of the avalanches', words: ['finite-size-scaling', '--valid', '40000', '--scan-valid', '5000'] }
  : { name: 'as it comes', words: ['finite-size-scaling'] };

/** Numbers of avalanches from 10⁵ on: to 10⁷, or to CRACKLE_BENCH_AVALANCHES. */
function numbers(): string[] {
  const most = Number(process.env.CRACKLE_BENCH_AVALANCHES ?? (short ? 1e6 : 1e7));
  const all: string[] = [];
  for (let valid = 1e5; valid <= most; valid *= 10) all.push(valid.toExponential().replace('+', ''));
  return all;
}

export default [
  ...[recorded, gaussian].map((words) => ({
    name: `memory, number of avalanches, ${words === recorded ? 'recorded' : 'not recorded'}`,
    run: () =>
      peaks(
        'peak resident size for',
        numbers().map((valid) => ({ name: valid, words: [...words, '--depth', '300', '--valid', valid] })),
      ),
  })),
  {
    name: 'memory, finite-size scaling',
    run: () => peaks('peak resident size', [finiteSize]),
  },
  {
    name: 'memory, depth',
    run: () =>
      peaks(
        'peak resident size for depth',
        ['1e3', '1e6'].map((depth) => ({
          name: depth,
          words: [...recorded, '--depth', depth, '--perturbations', short ? '50000' : '200000'],
        })),
      ),
  },
  {
    name: 'memory, slow disk',
    run: () =>
      peaks('peak resident size with every layer recorded,', [
        { name: 'disk as it is', words: [...signals, '--perturbations', short ? '5000' : '100000'] },
        {
          name: 'every write 100 ms slower',
          words: [...signals, '--perturbations', short ? '5000' : '100000'],
          nodeOptions: `--require ${join(import.meta.dirname, 'slow-disk.cjs')}`,
        },
      ]),
  },
] satisfies Benchmark[];
