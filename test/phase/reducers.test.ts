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
import { obeysReducerLaws } from '../reduce/obeys-reducer-laws.ts';

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

const batches = fc.array(rowsArbitrary.map(signal), { maxLength: 3 });
// Standard errors of nearly equal values cancel: 1e-7 of the largest strength.
for (const [i, reducer] of reducers.entries())
  obeysReducerLaws(`${reducer.name} #${i}`, reducer, batches, { slack: 1e-6 });

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
