import { EMPTY, lastValueFrom, of, toArray } from 'rxjs';
import { expect, it } from 'vitest';
import { freeIdle } from '../../src/idle-memory.ts';
import { noGrowth } from '../../src/numeric/growth.ts';
import { shortcut } from '../../src/propagation/shortcuts.ts';
import { makeBatch } from '../../src/schema/batch.ts';
import { writeIds } from '../../src/schema/int64.ts';

const EMPTY_BATCHES: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
};

it('a shortcut follows all perturbations, some at a time, also after signals of some were asked for', async () => {
  const ids = [4, 5, 6, 7, 8, 9];
  const columns = {
    ensemble: new Int32Array(6),
    network: writeIds(ids),
    perturbation: writeIds(ids),
    strength: new Float32Array(6),
  };
  const ensemble = {
    index: 0,
    activation: 'tanh',
    width: 9,
    depth: 9,
    weightVariance: 1,
    biasVariance: 0,
    inputStrength: 1,
    reuse: 1,
  };
  const settings = { ensemble, seed: 1, observable: 'pre-activation', floor: 1, windowRows: 10 } as const;
  const batch = makeBatch('perturbation', columns, 6);
  // What another test left.
  freeIdle();
  const asked: number[][] = [];
  let lent: Float64Array = new Float64Array(0);
  const made = shortcut({ drained: async () => {} }, of(batch), {
    settings,
    atOnce: 4,
    follow: (some) => {
      asked.push([...some]);
      lent = some;
      return EMPTY_BATCHES;
    },
    signals: (idsOf) => {
      asked.push([...idsOf(batch)]);
      return EMPTY;
    },
  });
  const request = { threshold: 1, leavesOut: false, points: 0, excessProfile: true, scale: 1, drive: undefined };
  const sums = {
    tally: { valid: 0, dead: 0, censored: 0, nonFinite: 0 },
    branching: { ancestors: 0, descendants: 0 },
    growth: noGrowth(),
  };
  await lastValueFrom(made.every(2).pipe(toArray()));
  await lastValueFrom(made.firstPassage({ ...request, sums })!.pipe(toArray()));
  expect(asked).toEqual([
    [4, 6, 8],
    [4, 5, 6, 7],
    [8, 9],
  ]);
  // Their memory is kept for the next batch, unless that is given up.
  expect(lent.buffer.byteLength).toBe(32);
  freeIdle();
  expect(lent.length).toBe(0);
});
