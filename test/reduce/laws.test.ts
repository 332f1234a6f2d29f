import { isDeepStrictEqual } from 'node:util';
import type { RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocks } from '../../src/reduce/blocks.ts';
import { collapse } from '../../src/reduce/collapse.ts';
import { histogram } from '../../src/reduce/histogram.ts';
import { moments } from '../../src/reduce/moments.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { scaling } from '../../src/reduce/scaling.ts';
import { together } from '../../src/reduce/together.ts';
import { valueHistogram } from '../../src/reduce/value-histogram.ts';
import { type Avalanche, avalancheBatch, avalancheRows, grid } from './batches.ts';

const reducers: Reducer[] = [
  histogram(),
  histogram({ censored: 'count' }),
  valueHistogram('size', { discrete: false }),
  valueHistogram('duration', { discrete: true, censored: 'count' }),
  valueHistogram('peak', { discrete: false }),
  scaling(),
  collapse({ grid }),
  moments('size'),
  moments('duration'),
  together({ scaling: scaling(), moments: moments('peak') }),
  blocks(scaling(), 3),
  blocks(together({ histogram: histogram(), scaling: scaling(), collapse: collapse({ grid }) }), 5),
];

/** A result with all that it makes on demand made. */
function made(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Map) return value;
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>, made);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, made(each)]));
}

/** The same to the last bit (quick on long typed arrays). */
function expectSame(a: unknown, b: unknown): void {
  const [x, y] = [made(a), made(b)];
  if (!isDeepStrictEqual(x, y)) expect(x).toEqual(y);
}

/** Largest magnitude among the numbers of an array, the scale for rounding of its entries. */
function magnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) > largest) largest = Math.abs(values[i]!);
  return largest;
}

/**
 * Same structure and the same numbers, up to rounding: relative 1e-9, for entries of a column relative to the column where
 * cancellation is at work (a variance of nearly equal values).
 */
function expectClose(a: unknown, b: unknown, path = ''): void {
  if (typeof a === 'number' && typeof b === 'number') {
    if (Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))) return;
    throw new Error(`${path}: ${a} is not ${b}`);
  }
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    const [x, y] = [a as Float64Array, b as Float64Array];
    expect(x.length, path).toBe(y.length);
    const slack = /variance|varLog/.test(path) ? 1e-12 * magnitude(y) : 0;
    x.forEach((value, i) => {
      if (Math.abs(value - y[i]!) > slack || Number.isNaN(value)) expectClose(value, y[i], `${path}[${i}]`);
    });
    return;
  }
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    expect(Object.keys(a), path).toEqual(Object.keys(b));
    for (const key of Object.keys(a)) {
      expectClose((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], `${path}.${key}`);
    }
    return;
  }
  expect(a, path).toEqual(b);
}

const batchesOf = (rows: readonly Avalanche[], cuts: readonly number[]): RecordBatch[] => {
  const edges = [0, ...cuts.toSorted((a, b) => a - b).map((cut) => cut % (rows.length + 1)), rows.length].sort(
    (a, b) => a - b,
  );
  return edges.slice(1).map((end, i) => avalancheBatch(rows.slice(edges[i], end)));
};
const fold = (reducer: Reducer, batches: readonly RecordBatch[], state: unknown = reducer.init(0)): unknown =>
  batches.reduce((folded, batch) => reducer.step(folded, batch), state);
const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 4 });

describe.each(reducers.map((reducer, i) => [`${reducer.name} #${i}`, reducer] as const))('%s', (_, reducer) => {
  const property = (check: (rows: Avalanche[], more: Avalanche[], at: number[]) => void) =>
    fc.assert(fc.property(avalancheRows, avalancheRows, cuts, check), { seed: 7, numRuns: 60 });

  it('gives the same bits however the stream is cut into batches', () => {
    property((rows, _more, at) => {
      expectSame(
        reducer.finish(fold(reducer, batchesOf(rows, at))),
        reducer.finish(fold(reducer, [avalancheBatch(rows)])),
      );
    });
  });

  it('merges parts into the whole', () => {
    property((rows, more, at) => {
      const merged = reducer.merge(fold(reducer, batchesOf(rows, at)), fold(reducer, batchesOf(more, at)));
      expectClose(
        made(reducer.finish(merged)),
        made(reducer.finish(fold(reducer, [avalancheBatch([...rows, ...more])]))),
      );
    });
  });

  it('merges in any grouping', () => {
    property((rows, more) => {
      const part = () => [rows, more, rows.toReversed()].map((part) => fold(reducer, [avalancheBatch(part)]));
      const [a, b, c] = part();
      const [x, y, z] = part();
      expectClose(
        made(reducer.finish(reducer.merge(reducer.merge(a, b), c))),
        made(reducer.finish(reducer.merge(x, reducer.merge(y, z)))),
      );
    });
  });

  it('is not changed by an empty state, on either side', () => {
    property((rows) => {
      const expected = reducer.finish(fold(reducer, [avalancheBatch(rows)]));
      expectSame(reducer.finish(reducer.merge(fold(reducer, [avalancheBatch(rows)]), reducer.init(0))), expected);
      expectSame(reducer.finish(reducer.merge(reducer.init(0), fold(reducer, [avalancheBatch(rows)]))), expected);
    });
  });

  it('goes on after finish as if it had not been asked', () => {
    property((rows, more) => {
      let state = fold(reducer, [avalancheBatch(rows)]);
      const before = structuredClone(state);
      const result = reducer.finish(state);
      const copy = structuredClone(made(result));
      expectSame(state, before);
      state = fold(reducer, [avalancheBatch(more)], state);
      expectSame(result, copy);
      expectSame(reducer.finish(state), reducer.finish(fold(reducer, [avalancheBatch(rows), avalancheBatch(more)])));
    });
  });

  it('behaves alike after a structured clone', () => {
    property((rows, more) => {
      const state = fold(reducer, [avalancheBatch(rows)]);
      const go = (from: unknown) =>
        reducer.finish(
          reducer.merge(fold(reducer, [avalancheBatch(more)], from), fold(reducer, [avalancheBatch(rows)])),
        );
      expectSame(go(structuredClone(state)), go(state));
    });
  });

  it('neither changes nor aliases what it merges from', () => {
    property((rows, more) => {
      const other = fold(reducer, [avalancheBatch(more)]);
      const before = structuredClone(other);
      for (const into of [reducer.init(0), fold(reducer, [avalancheBatch(rows)])]) {
        const merged = reducer.merge(into, other);
        fold(reducer, [avalancheBatch(rows), avalancheBatch(more)], merged);
        expectSame(other, before);
        const result = reducer.finish(merged);
        fold(reducer, [avalancheBatch(rows)], structuredClone(other));
        expectSame(reducer.finish(merged), result);
      }
    });
  });

  it('reads a sliced batch', () => {
    property((rows, more) => {
      const whole = avalancheBatch([...more, ...rows]);
      const sliced = whole.slice(more.length, more.length + rows.length) as RecordBatch;
      expectSame(reducer.finish(fold(reducer, [sliced])), reducer.finish(fold(reducer, [avalancheBatch(rows)])));
    });
  });
});
