import { describe, expect, it } from 'vitest';
import { blocks } from '../../src/reduce/blocks.ts';
import { collapse } from '../../src/reduce/collapse.ts';
import { handedBack } from '../../src/reduce/handed-back.ts';
import { histogram } from '../../src/reduce/histogram.ts';
import { moments } from '../../src/reduce/moments.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { scaling } from '../../src/reduce/scaling.ts';
import { together } from '../../src/reduce/together.ts';
import { avalancheBatch } from './batches.ts';
import { uniform } from './uniform.ts';

const batchOf = (sizes: readonly number[]) =>
  avalancheBatch(sizes.map((size) => ({ duration: 1, size, censored: false, profile: [1] })));

describe('blocks(reducer, count)', () => {
  const random = uniform(1);
  const partitions = Array.from({ length: 23 }, (_, i) => Array.from({ length: 1 + (i % 4) }, random));
  const inner = moments('size');
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

  it('gives the result of all data and of all but each block, partition i in block i mod count', () => {
    const reducer = blocks(inner, 5);
    const state = partitions
      .map((sizes, i) => reducer.step(reducer.init(i), batchOf(sizes)))
      .reduce((a, b) => reducer.merge(a, b), reducer.init());
    const result = reducer.finish(state);
    expect(result.blocks).toBe(5);
    expect(result.all.mean).toBeCloseTo(mean(partitions.flat()), 12);
    [...result.leaveOneOut].forEach((without, block) => {
      const rest = partitions.filter((_, i) => i % 5 !== block).flat();
      expect(without.count).toBe(rest.length);
      expect(without.mean).toBeCloseTo(mean(rest), 12);
    });
  });

  it('previews the result of all data, and leaves the state as it is', () => {
    const reducer = together({ b: blocks(inner, 5), plain: inner });
    const state = partitions
      .map((sizes, i) => reducer.step(reducer.init(i), batchOf(sizes)))
      .reduce((a, b) => reducer.merge(a, b));
    const whole = reducer.finish(state);
    expect(reducer.preview!(state)).toEqual({ b: { ...whole.b, leaveOneOut: [], halves: [] }, plain: whole.plain });
    expect(reducer.finish(state)).toEqual(whole);
  });

  it('walks in the memory of what is handed back, to the same bits', () => {
    const shapes = together({ shapes: collapse({ grid: 4 }), sizes: inner, values: histogram(), scaling: scaling() });
    const reducer = blocks(shapes, 6);
    const state = Array.from({ length: 11 }, (_, i) =>
      reducer.step(
        reducer.init(i),
        avalancheBatch(
          Array.from({ length: 30 }, () => ({
            duration: 1 + Math.floor(40 * (1 + (i % 5)) * random()),
            // Of other ranges from block to block, so that copies outgrow what they are made in, on either side.
            size: 10 ** (2 * (i % 4) - 3 * random()),
            censored: random() < 0.1,
            profile: [1, 2, 3, 4].map(random),
          })),
        ),
      ),
    ).reduce((a, b) => reducer.merge(a, b));
    const result = reducer.finish(state);
    const [first, second] = result.leaveOneOut;
    expect(first).not.toEqual(second);
    expect(handedBack(result.leaveOneOut, (one) => structuredClone(one))).toEqual([...result.leaveOneOut]);
    expect(handedBack(result.halves, (pair) => structuredClone(pair))).toEqual([...result.halves]);
  });

  it.each([1, 2, 4, 8, 16])('walks through halves in %d shares that are all of it, one after the other', (of) => {
    // Of more shares than there are rows, too.
    for (const count of [2, 3, 6, 9]) {
      const reducer = blocks(inner, count);
      const state = Array.from({ length: count }, (_, i) => reducer.step(reducer.init(i), batchOf([1 + i, 20 * i])));
      const { halves } = reducer.finish(state.reduce((a, b) => reducer.merge(a, b)));
      const shares = Array.from({ length: of }, (_, index) => [...halves.share!({ index, of })]);
      expect(shares.flat()).toEqual([...halves]);
      expect(shares.every((share) => share.length < 1 + 16 / of)).toBe(true);
    }
  });

  it('leaves out only blocks that hold data, and nothing where there is one', () => {
    const reducer = blocks(inner, 32);
    const one = reducer.step(reducer.init(7), batchOf([1, 2]));
    for (const [state, blocks, count] of [
      [one, 1, 2],
      [reducer.init(3), 0, 0],
    ] as const) {
      const result = reducer.finish(state);
      expect(result).toMatchObject({ blocks, all: { count } });
      expect([...result.leaveOneOut]).toEqual([]);
    }
    const two = reducer.merge(one, reducer.step(reducer.init(40), batchOf([5])));
    expect(Array.from(reducer.finish(two).leaveOneOut, (result) => result.mean)).toEqual([5, 1.5]);
  });

  it('gives a result that later data do not change, whenever it is walked', () => {
    const reducer = blocks(inner, 5);
    const fold = (some: typeof partitions) =>
      some.map((sizes, i) => reducer.step(reducer.init(i), batchOf(sizes))).reduce((a, b) => reducer.merge(a, b));
    let state = fold(partitions);
    const result = reducer.finish(state);
    const expected = Array.from(reducer.finish(fold(partitions)).leaveOneOut);
    state = reducer.merge(state, fold(partitions.slice(0, 4)));
    state = reducer.step(state, batchOf([1, 2, 3]));
    state = blocks(inner, 5).merge(state, fold(partitions.slice(0, 4)));
    expect(Array.from(result.leaveOneOut)).toEqual(expected);
    expect(Array.from(reducer.finish(state).leaveOneOut)).not.toEqual(expected);
  });

  it('costs count·log₂(count) merges', () => {
    let merges = 0;
    const counted: Reducer<number, number> = {
      name: 'counted',
      init: () => 0,
      step: (state, batch) => state + batch.numRows,
      merge(into, other) {
        merges++;
        return into + other;
      },
      finish: (state) => state,
    };
    const reducer = blocks(counted, 100);
    const state = Array.from({ length: 100 }, (_, i) => reducer.step(reducer.init(i), batchOf([1, 2, 3])));
    const whole = state.reduce((a, b) => reducer.merge(a, b));
    expect(merges).toBe(0);
    const result = reducer.finish(whole);
    expect(result.all).toBe(300);
    expect(merges).toBe(99);
    expect([...result.leaveOneOut]).toEqual(Array(100).fill(297));
    expect(merges).toBeLessThanOrEqual(99 + 100 * Math.ceil(Math.log2(100)));
  });

  it('hands the partition through together', () => {
    const reducer = together({ jackknife: blocks(inner, 3), plain: inner });
    const states = [0, 1].map((i) => reducer.step(reducer.init(i), batchOf([i])));
    const result = reducer.finish(reducer.merge(states[0]!, states[1]!));
    expect(result.jackknife.blocks).toBe(2);
    expect(result.plain.count).toBe(2);
  });

  it('rejects fewer than two blocks', () => {
    expect(() => blocks(inner, 1)).toThrow('jackknife blocks must be an integer of at least 2, got 1');
  });
});
