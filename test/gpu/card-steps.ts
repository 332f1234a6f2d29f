import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Step } from './card-session.ts';

/** What there is to ask of a graphics card, what matters most first; seconds are shares of four minutes that a step may take at most. */
export interface Asked {
  /** Of the checkout. */
  readonly root: string;
  /** Whether the card is a program that stands in for one, which gets as little as shows that a step works. */
  readonly software: boolean;
}

const held = [
  'gpu/annealed',
  'gpu/in-time',
  'gpu/limits',
  'gpu/shapes',
  'gpu/first-passage',
  'gpu/first-passage-quenched',
  'gpu/quenched',
  'gpu/quenched-law',
  'gpu/tensors',
  'gpu/matrices',
  'gpu/first-weights',
  'learning/training-group',
  'queue/cards',
];

export function stepsOf({ root, software }: Asked): readonly Step[] {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const bench = (...parts: string[]) => [tsx, join(root, 'test/bench/main.ts'), ...parts.map((part) => `gpu:${part}`)];
  const small = (width: number): number => Math.max(3, Math.ceil(width / 32));
  /** Half of the perturbations are avalanches. */
  const law = (perturbations: number, ...widths: number[]) => [
    tsx,
    join(root, 'test/gpu/law.ts'),
    ...[software ? 200 : perturbations, ...(software ? widths.map(small) : widths)].map(String),
  ];
  const bits = [tsx, join(root, 'test/gpu/bits.ts'), ...(software ? ['16', '2000'] : ['512', '500000'])];
  // What has passed is told though the step is ended.
  const tests = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=verbose',
    ...held.map((name) => `test/${name}.test.ts`),
  ];
  const cores = availableParallelism();
  const scaling = [
    tsx,
    join(root, 'test/bench/main.ts'),
    `scaling:annealed, N = 512, avalanches recorded, ${cores} in one process`,
  ];
  const steps: readonly (readonly [name: string, seconds: number, words: readonly string[]])[] = [
    ['the kernel', 35, bench('annealed kernel')],
    ['a large run', 50, bench('gaussian-avalanches by all cores')],
    ['finite-size scaling', 60, bench('finite-size-scaling')],
    ['law at N = 512', 45, law(200_000, 512)],
    ['the same bits', 40, bits],
    ["PyTorch's chain", 30, bench("PyTorch's chain")],
    ['workers against processes', 45, scaling],
    ['training', 45, bench('trained in step', 'products')],
    ['a recorded run', 30, bench('gaussian-avalanches, recorded')],
    ['kernels of shared networks', 25, bench('quenched kernel')],
    ['law at N = 100 and 3', 30, law(200_000, 100, 3)],
    ['the same bits, shared networks', 30, [...bits, 'quenched']],
    ['law at N = 5000', 60, law(20_000, 5000)],
    ['garbage', 30, [tsx, join(root, 'test/bench/main.ts'), 'road', 'gpu-host']],
    ['doctor', 20, [join(root, 'dist/src/cli/main.js'), 'doctor']],
    ['dense', 20, bench('dense')],
    ['tests', 60, tests],
    ['fewer workers', 40, bench('workers, ')],
  ];
  return steps.map(([name, seconds, words]) => ({ name, seconds, words }));
}
