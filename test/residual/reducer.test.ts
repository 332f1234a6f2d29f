import type { RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byEnsemble } from '../../src/reduce/by-ensemble.ts';
import { moments } from '../../src/reduce/moments.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { calibrationReducer } from '../../src/residual/reducer.ts';
import { makeBatch } from '../../src/schema/batch.ts';

const depth = 3;
const strength = fc.double({ min: 0.1, max: 10, noNaN: true });

/** Calibration of one network. */
const networkBatch = ([mean, sd]: [number[], number[]]): RecordBatch =>
  makeBatch(
    'network_calibration',
    {
      ensemble: new Int32Array(depth),
      network: new BigInt64Array(depth),
      layer: Int32Array.of(1, 2, 3),
      mean: Float64Array.from(mean),
      sd: Float64Array.from(sd),
    },
    depth,
  );
const signalBatch = ([ensemble, strengths]: [number, number[]]): RecordBatch =>
  makeBatch(
    'signal',
    {
      ensemble: new Int32Array(strengths.length).fill(ensemble),
      perturbation: new BigInt64Array(strengths.length),
      layer: new Int32Array(strengths.length),
      strength: Float32Array.from(strengths),
    },
    strengths.length,
  );

const layers = fc.array(strength, { minLength: depth, maxLength: depth });
const cases = [
  {
    name: 'calibration',
    reducer: calibrationReducer as unknown as Reducer,
    batches: fc.array(fc.tuple(layers, layers).map(networkBatch), { maxLength: 12 }),
    plain: (result: unknown) => result,
  },
  {
    name: 'by ensemble',
    reducer: byEnsemble(moments('strength')) as unknown as Reducer,
    batches: fc.array(fc.tuple(fc.nat({ max: 2 }), fc.array(strength, { maxLength: 5 })).map(signalBatch), {
      maxLength: 12,
    }),
    plain: (result: unknown) => Object.fromEntries([...(result as Map<number, unknown>)].sort(([a], [b]) => a - b)),
  },
];

/** Every number to 1e-9 of the other, or 1e-6 where differences of nearly equal numbers are involved. */
function expectClose(a: unknown, b: unknown): void {
  if (typeof a === 'number' && typeof b === 'number') {
    expect(Object.is(a, b) || Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b)), `${a} is ${b}`).toBe(
      true,
    );
  } else if (typeof a === 'object' && a !== null && b !== null) {
    expect(Object.keys(a)).toEqual(Object.keys(b as object));
    for (const key of Object.keys(a)) {
      expectClose((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]);
    }
  } else expect(a).toEqual(b);
}

describe.each(cases)('the reducer $name', ({ reducer, batches, plain }) => {
  const fold = (parts: readonly RecordBatch[]): unknown =>
    parts.reduce((state, batch) => reducer.step(state, batch), reducer.init(0));

  it('gives the same for parts that are merged as for the whole', () => {
    fc.assert(
      fc.property(batches, fc.nat(), (all, n) => {
        const cut = n % (all.length + 1);
        const merged = reducer.merge(fold(all.slice(0, cut)), fold(all.slice(cut)));
        expectClose(plain(reducer.finish(merged)), plain(reducer.finish(fold(all))));
      }),
      { seed: 1 },
    );
  });

  it('is not changed by an empty state, by being cloned or by being finished', () => {
    fc.assert(
      fc.property(batches, (all) => {
        const state = fold(all);
        const wanted = plain(reducer.finish(state));
        expect(plain(reducer.finish(structuredClone(state)))).toEqual(wanted);
        expect(plain(reducer.finish(reducer.merge(reducer.init(1), structuredClone(state))))).toEqual(wanted);
        expect(plain(reducer.finish(reducer.merge(state, reducer.init(1))))).toEqual(wanted);
      }),
      { seed: 2 },
    );
  });
});

describe('calibrationReducer', () => {
  it('keeps a spread of 1e-7 of the mean', () => {
    const means = [5, 5 + 1e-7, 5 - 1e-7, 5 + 2e-7];
    const state = means.reduce(
      (folded, mu) =>
        calibrationReducer.step(
          folded,
          networkBatch([
            [mu, mu, mu],
            [1, 2, 3],
          ]),
        ),
      calibrationReducer.init(),
    );
    const { networkSd, sd, networks } = calibrationReducer.finish(state);
    expect(networks).toBe(4);
    expect(sd).toEqual([1, 2, 3].map((v) => expect.closeTo(v, 12)));
    // Deviations −0.5, 0.5, −1.5, 1.5 of 1e-7.
    expect(networkSd[0]! / (1e-7 * Math.sqrt(5 / 3))).toBeCloseTo(1, 5);
  });
});
