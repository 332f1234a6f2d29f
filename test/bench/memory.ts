import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, Timing } from './benchmark.ts';
import { measure } from './measure.ts';

/** Peak resident size of whole runs that record their avalanches: it must not grow with their number, nor with depth. */
async function peaks(
  label: string,
  cases: readonly { name: string; words: string[]; nodeOptions?: string }[],
): Promise<Timing> {
  const found: string[] = [];
  const sizes: number[] = [];
  let seconds = 0;
  for (const { name, words, nodeOptions } of cases) {
    const out = mkdtempSync(join(tmpdir(), 'crackle-memory-'));
    try {
      const common = [
        'run',
        'gaussian-avalanches',
        '--engine',
        'effective',
        '--widths',
        '1000',
        '--no-figures',
        '--workers',
        '2',
      ];
      const measured = await measure(
        [...common, '--record', 'avalanche', '--progress', 'none', '--out', join(out, 'run'), ...words],
        nodeOptions,
      );
      seconds += measured.seconds;
      sizes.push(measured.peak);
      found.push(`${name}: ${measured.peak.toFixed(0)} MiB in ${measured.seconds.toFixed(0)} s`);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  }
  const spread = Math.max(...sizes) / Math.min(...sizes) - 1;
  return { seconds, note: `${label} ${found.join(', ')}; largest over smallest +${(100 * spread).toFixed(0)} %` };
}

export default [
  {
    name: 'memory, number of avalanches',
    run: () =>
      peaks(
        'peak resident size for',
        ['1e5', '1e6', '1e7'].map((valid) => ({ name: valid, words: ['--depth', '300', '--valid', valid] })),
      ),
  },
  {
    name: 'memory, depth',
    run: () =>
      peaks(
        'peak resident size for depth',
        ['1e3', '1e6'].map((depth) => ({ name: depth, words: ['--depth', depth, '--perturbations', '200000'] })),
      ),
  },
  {
    name: 'memory, slow disk',
    run: () =>
      peaks('peak resident size with every layer recorded,', [
        { name: 'disk as it is', words: ['--depth', '1000', '--perturbations', '100000', '--record', 'signal'] },
        {
          name: 'every write 100 ms slower',
          words: ['--depth', '1000', '--perturbations', '100000', '--record', 'signal'],
          nodeOptions: `--require ${join(import.meta.dirname, 'slow-disk.cjs')}`,
        },
      ]),
  },
] satisfies Benchmark[];
