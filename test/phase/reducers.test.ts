import type { RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SchemaError } from '../../src/error.ts';
import { firstTraces } from '../../src/phase/first-traces.ts';
import { layerMoments } from '../../src/phase/layer-moments.ts';
import { byTable } from '../../src/reduce/by-table.ts';
import { covariances } from '../../src/reduce/covariances.ts';
import { moments } from '../../src/reduce/moments.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { makeBatch } from '../../src/schema/batch.ts';

const depth = 6;
type Signal = { perturbation: number; layer: number; strength: number };

const signal = (rows: readonly Signal[]): RecordBatch =>
  makeBatch(
    'signal',
    {
      ensemble: new Int32Array(rows.length),
      perturbation: BigInt64Array.from(rows, (row) => BigInt(row.perturbation)),
      layer: Int32Array.from(rows, (row) => row.layer),
      strength: Float32Array.from(rows, (row) => row.strength),
    },
    rows.length,
  );

const rowsArbitrary = fc.array(
  fc.record({
    perturbation: fc.nat({ max: 9 }),
    layer: fc.integer({ min: 1, max: depth }),
    strength: fc.oneof(fc.float({ min: 0, max: 8, noNaN: true }), fc.constantFrom(Number.NaN, Infinity)),
  }),
  { maxLength: 30 },
);

const reducers: Reducer[] = [
  layerMoments('strength', depth),
  layerMoments('strength', depth, (s) => s * s),
  firstTraces(5),
  covariances(['layer', 'strength']),
  byTable({ signal: layerMoments('strength', depth) }),
];

const fold = (reducer: Reducer, parts: readonly (readonly Signal[])[], state: unknown = reducer.init(0)): unknown =>
  parts.reduce((folded, part) => reducer.step(folded, signal(part)), state);

/** Numbers of a result, in order. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (value instanceof Map) return [...value].flatMap(numbersOf);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as Float64Array).flatMap(numbersOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

function expectClose(a: unknown, b: unknown): void {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  expect(x).toHaveLength(y.length);
  x.forEach((value, i) => {
    // Standard errors of nearly equal values cancel: 1e-7 of the largest strength.
    if (!Object.is(value, y[i])) expect(Math.abs(value - y[i]!)).toBeLessThan(1e-6);
  });
}

describe.each(reducers.map((reducer, i) => [`${reducer.name} #${i}`, reducer] as const))('%s', (_, reducer) => {
  const property = (check: (a: Signal[], b: Signal[], c: Signal[]) => void) =>
    fc.assert(fc.property(rowsArbitrary, rowsArbitrary, rowsArbitrary, check), { seed: 11, numRuns: 60 });

  it('gives the same bits however the stream is cut, and merges parts into the whole in any grouping', () => {
    property((a, b, c) => {
      const whole = reducer.finish(fold(reducer, [[...a, ...b, ...c]]));
      expect(reducer.finish(fold(reducer, [a, b, c]))).toEqual(whole);
      const parts = () => [a, b, c].map((part) => fold(reducer, [part]));
      const [p, q, r] = parts();
      expectClose(reducer.finish(reducer.merge(reducer.merge(p, q), r)), whole);
      const [x, y, z] = parts();
      expectClose(reducer.finish(reducer.merge(x, reducer.merge(y, z))), whole);
    });
  });

  it('goes on after finish, a clone and a merge with nothing as if they had not been', () => {
    property((a, b) => {
      let state = fold(reducer, [a]);
      reducer.finish(state);
      state = reducer.merge(reducer.init(0), reducer.merge(structuredClone(state), reducer.init(0)));
      expect(reducer.finish(fold(reducer, [b], state))).toEqual(reducer.finish(fold(reducer, [a, b])));
    });
  });

  it('neither changes nor aliases what it merges from', () => {
    property((a, b) => {
      const other = fold(reducer, [b]);
      const before = structuredClone(other);
      const merged = reducer.merge(fold(reducer, [a]), other);
      fold(reducer, [a, b], merged);
      expect(other).toEqual(before);
    });
  });
});

describe('layerMoments(column, depth)', () => {
  it('is the mean and its standard error by layer, without values that are not finite', () => {
    const reducer = layerMoments('strength', 3);
    const rows = [1, 2, 3, Number.NaN].map((strength, perturbation) => ({ perturbation, layer: 2, strength }));
    const { count, mean, error } = reducer.finish(reducer.step(reducer.init(), signal(rows)));
    expect(count[2]).toBe(3);
    expect(mean[2]).toBe(2);
    expect(error[2]).toBeCloseTo(1 / Math.sqrt(3), 14);
    expect(mean[1]).toBeNaN();
  });
});

describe('byTable(reducers)', () => {
  it('refuses batches of a table that no reducer takes', () => {
    const reducer = byTable({ avalanche: moments('size') });
    expect(() => reducer.step(reducer.init(0), signal([]))).toThrow(SchemaError);
  });
});

describe('covariances(columns)', () => {
  it('are those of the formula, over rows on which all columns are finite', () => {
    const reducer = covariances(['layer', 'strength']);
    const rows = [1, 2, 4, Number.NaN, 0.5].map((strength, i) => ({ perturbation: i, layer: 1 + (i % 3), strength }));
    const { count, means, covariances: found, nonFinite } = reducer.finish(reducer.step(reducer.init(0), signal(rows)));
    const [x, y] = [
      [1, 2, 3, 2],
      [1, 2, 4, 0.5],
    ];
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const covariance = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, i) => sum + (value - mean(a)) * (b[i]! - mean(b)), 0) / (a.length - 1);
    expect([count, nonFinite]).toEqual([4, 1]);
    expect(means[0]).toBeCloseTo(2, 14);
    expect(means[1]).toBeCloseTo(1.875, 14);
    const expected = [covariance(x!, x!), covariance(x!, y!), covariance(y!, x!), covariance(y!, y!)];
    expected.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 14);
    });
  });
});
