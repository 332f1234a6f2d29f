import { describe, expect, test } from 'vitest';
import { jackknife } from '../../src/fit/jackknife.ts';
import { createStream } from '../../src/numeric/random.ts';
import { halves } from '../../src/reduce/halves.ts';
import { halfSampleErrors } from './half-sample-errors.ts';

interface Sums {
  readonly n: number;
  readonly sum: number;
  readonly members: readonly number[];
}

/** Nothing is found, all is estimated. */
const smooth = <R, K extends string>(estimate: (result: R) => Record<K, number>) => ({
  find: () => undefined,
  estimate,
});

const add = (a: Sums, b: Sums): Sums => ({
  n: a.n + b.n,
  sum: a.sum + b.sum,
  members: [...a.members, ...b.members],
});
const blocksOf = (values: readonly number[]): Sums[] => values.map((x, i) => ({ n: 1, sum: x, members: [i] }));
const all = (blocks: readonly Sums[]): Sums => blocks.reduce(add);
const sums = { copy: (state: Sums) => state, join: add };
const walk = (blocks: readonly Sums[]) => [...halves(blocks, sums, (state) => state)];

describe('halves(states, sum, finish)', () => {
  test.each([2, 3, 5, 8, 20, 32, 33])('pairs %d blocks into disjoint halves that make up all of them', (n) => {
    const pairs = walk(blocksOf(Array.from({ length: n }, (_, i) => i)));
    const order = 2 ** Math.ceil(Math.log2(n));
    expect(pairs.length).toBeGreaterThanOrEqual(n - 1);
    expect(pairs.length).toBeLessThanOrEqual(order - 1);
    for (const { one, other, blocks } of pairs) {
      expect([one.n, other.n]).toEqual([...blocks]);
      expect([...one.members, ...other.members].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
    const different = pairs.map(({ one }) => [...one.members].sort((a, b) => a - b).join(' '));
    expect(new Set(different).size).toBe(pairs.length);
  });

  test('gives none of a single block, and needs about 2·M·log₂M merges in a few states', () => {
    expect(walk(blocksOf([1]))).toEqual([]);
    let merges = 0;
    const made: number[][] = [];
    const free: number[][] = [];
    const counted = {
      copy(state: number[], spare: number[] = []): number[] {
        if (!made.includes(spare)) made.push(spare);
        return Object.assign(spare, state);
      },
      join(into: number[], [other]: number[]): number[] {
        merges++;
        into[0]! += other!;
        return into;
      },
    };
    const leaves = Array.from({ length: 32 }, (_, i) => [i]);
    const pairs = [...halves(leaves, counted, ([sum]) => sum!, free)];
    expect(pairs).toHaveLength(31);
    expect(pairs.every(({ one, other }) => one + other === (31 * 32) / 2)).toBe(true);
    expect(leaves.flat()).toEqual(Array.from({ length: 32 }, (_, i) => i));
    expect(merges).toBeLessThanOrEqual(32 * 5 * 2);
    expect(made.length).toBeLessThanOrEqual(14);
    expect(new Set(free)).toEqual(new Set(made));
  });
});

describe('halfSampleErrors(all, halves, blocks, estimate)', () => {
  const mean = ({ n, sum }: Sums) => ({ mean: sum / n, twice: (2 * sum) / n });

  test.each([2, 3, 7, 16, 24, 32])('of a mean are the jackknife errors to the last digits, with %d blocks', (n) => {
    const stream = createStream(5, n);
    const blocks = blocksOf(Array.from({ length: n }, () => stream.normal()));
    const rest = blocks.map((_, i) => all(blocks.filter((__, k) => k !== i)));
    const expected = jackknife(all(blocks), rest, mean);
    const found = halfSampleErrors(all(blocks), walk(blocks), n, smooth(mean));
    expect(found.estimate).toEqual(expected.estimate);
    expect(found.standardError.mean).toBeCloseTo(expected.standardError.mean, 12);
    found.covariance.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(expected.covariance.flat()[i]!, 12);
    });
  });

  // 200 samples: the ratio of scatter to mean error is known to about 7 %; a ratio outside 0.75 … 1.33 has probability below 1e-3.
  test('match the scatter of an estimate that jumps between two values as its data tell', () => {
    const jumping = {
      find: ({ n, sum }: Sums) => Math.sign(sum / n),
      estimate: ({ n, sum }: Sums, side: number) => ({ x: sum / n + side }),
    };
    const runs = Array.from({ length: 200 }, (_, seed) => {
      const stream = createStream(6, seed);
      const blocks = blocksOf(Array.from({ length: 32 }, () => stream.normal()));
      const { estimate, standardError } = halfSampleErrors(all(blocks), walk(blocks), 32, jumping);
      return { x: estimate.x, error: standardError.x };
    });
    const scatter = Math.sqrt(runs.reduce((sum, { x }) => sum + x ** 2, 0) / runs.length);
    const quoted = runs.reduce((sum, { error }) => sum + error, 0) / runs.length;
    expect(scatter / quoted).toBeGreaterThan(0.75);
    expect(scatter / quoted).toBeLessThan(1.33);
  });

  test('have none where more than a quarter of the pairs allow no estimate', () => {
    const blocks = blocksOf(Array.from({ length: 16 }, (_, i) => i));
    const sometimes = (least: number) => (part: Sums) => ({ x: part.sum / part.n > least ? part.sum : Number.NaN });
    const errors = (least: number) =>
      halfSampleErrors(all(blocks), walk(blocks), 16, smooth(sometimes(least))).standardError.x;
    expect(errors(0)).toBeGreaterThan(0);
    expect(errors(7.5)).toBeNaN();
    expect(halfSampleErrors(all(blocks), [], 1, smooth(sometimes(0))).standardError.x).toBeNaN();
  });
});
