import type { RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byEnsemble } from '../../src/reduce/by-ensemble.ts';
import { moments } from '../../src/reduce/moments.ts';
import { calibrationReducer, residualReducer } from '../../src/residual/reducer.ts';
import { makeBatch } from '../../src/schema/batch.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { avalancheBatch, avalancheRows, grid } from '../reduce/batches.ts';
import { obeysReducerLaws } from '../reduce/obeys-reducer-laws.ts';

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
const networks = fc.array(fc.tuple(layers, layers).map(networkBatch), { maxLength: 6 });
const signals = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.array(strength, { maxLength: 5 })).map(signalBatch), {
  maxLength: 6,
});
// Differences of nearly equal numbers, up to 10.
obeysReducerLaws('calibration', calibrationReducer, networks, { slack: 1e-6, wholeBatches: true });
obeysReducerLaws('by ensemble', byEnsemble(moments('strength')), signals, { slack: 1e-9 });

const count = fc.nat({ max: 100 });
const tallies = fc
  .record({ ensemble: fc.nat({ max: 2 }), valid: count, dead: count, censored: count, non_finite: count })
  .map((row) => rowsToBatch('tally', [row]));
const found = fc.tuple(avalancheRows, fc.nat({ max: 2 })).map(([rows, ensemble]) => avalancheBatch(rows, ensemble));
// Partitions of a model send all three, ensembles mixed.
obeysReducerLaws(
  'of a residual run',
  residualReducer({ profilePoints: grid, blocks: 3 }),
  fc.array(fc.oneof(found, tallies, fc.tuple(layers, layers).map(networkBatch)), { maxLength: 5 }),
  { slack: 1e-6, wholeBatches: true, runs: 15 },
);

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
