import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { type Kept, stateOf } from '../../src/flow/kept.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { openStates, resultsOf } from '../../src/run/states.ts';

/** Adds up arrays; counts how often a result is made. */
function sums() {
  let finished = 0;
  const reducer: Reducer<Float64Array, Float64Array> = {
    name: 'sums',
    init: () => new Float64Array(20_000),
    step: (state) => state,
    merge(into, other) {
      for (let i = 0; i < into.length; i++) into[i]! += other[i]!;
      return into;
    },
    finish(state) {
      finished++;
      return state;
    },
  };
  const ensembles = [0, 1, 2].map((index) => ({ index }) as Ensemble);
  return { composition: { ensembles, reducer: reducer as Reducer }, made: () => finished };
}

const some = (l: number): Float64Array =>
  Float64Array.from({ length: 20_000 }, (_, i) => (i % 97 === l ? 1 / (i + 1) : 0));
const sameBits = (a: unknown, b: Float64Array): boolean =>
  Buffer.compare(new Uint8Array((a as Float64Array).buffer), new Uint8Array(b.buffer)) === 0;
const isPacked = (kept: Kept): boolean => 'packed' in kept;

describe('openStates(composition, from)', () => {
  it('packs the states of ensembles that are done, to the same bits', async () => {
    const states = openStates(sums().composition);
    for (const l of [0, 1, 2]) {
      states.merge(l, some(l));
      if (l < 2) await states.done(l);
    }
    const kept = [0, 1, 2].map((l) => states.kept(l));
    expect(kept.map(isPacked)).toEqual([true, true, false]);
    for (const l of [0, 1, 2]) expect(sameBits(stateOf(kept[l]!), some(l))).toBe(true);
    expect(serialize(kept[0]).length).toBeLessThan(160_000 / 20);
  });

  it('loses nothing that is merged into a state while it is being packed', async () => {
    const states = openStates(sums().composition);
    states.merge(0, some(0));
    const packing = states.done(0);
    states.merge(0, some(5));
    await packing;
    const more = some(5);
    const both = some(0).map((x, i) => x + more[i]!);
    expect(sameBits(states.look(0), both)).toBe(true);
  });

  it('has what is merged into in memory that threads share, the next one in the same once it is packed', async () => {
    const { composition } = sums();
    const { merge, ...rest } = composition.reducer as Reducer<Float64Array, Float64Array>;
    const made: Float64Array[] = [];
    const reducer: Reducer<Float64Array, Float64Array> = {
      ...rest,
      // As if each outgrew the array.
      merge(into, other) {
        made.push(into.slice());
        return merge(made.at(-1)!, other);
      },
      release: (state, take) => take?.(state),
    };
    const states = openStates({ ...composition, reducer: reducer as Reducer });
    const bufferOf = (l: number) => (states.look(l) as Float64Array).buffer;
    const buffers = [];
    for (const l of [0, 1]) {
      states.merge(l, some(l));
      buffers.push(bufferOf(l));
      const sum = some(l);
      for (let i = 0; i < 40; i++) {
        states.merge(l, some(i));
        merge(sum, some(i));
      }
      if (l === 0) await states.done(l);
      else states.share(l);
      expect(sameBits(Float64Array.from(stateOf(states.kept(l)) as Float64Array), sum)).toBe(true);
    }
    expect(buffers).toEqual([expect.any(SharedArrayBuffer), buffers[0]]);
    expect(bufferOf(1)).toBe(buffers[0]);
    // No copy is left beside what is shared.
    expect(made.at(-1)!.length).toBe(0);
  });

  it('frees the arrays of a state that it was given, once they are packed or shared', async () => {
    const { composition } = sums();
    const reducer: Reducer<Float64Array, Float64Array> = {
      ...(composition.reducer as Reducer<Float64Array, Float64Array>),
      release: (state, take) => take?.(state),
    };
    const given = [0, 1, 2].map(some);
    const states = openStates(
      { ...composition, reducer: reducer as Reducer },
      given.map((state) => ({ state })),
    );
    await states.done(0);
    states.share(1);
    expect(given.map(({ length }) => length)).toEqual([0, 0, 20_000]);
    expect(sameBits(stateOf(states.kept(0)), some(0))).toBe(true);
    expect(sameBits(Float64Array.from(stateOf(states.kept(1)) as Float64Array), some(1))).toBe(true);
  });

  it('goes on with what was packed, and leaves who gave it alone', async () => {
    const states = openStates(sums().composition);
    for (const l of [0, 1]) {
      states.merge(l, some(l));
      await states.done(l);
    }
    const from = [0, 1, 2].map((l) => states.kept(l));
    const more = openStates(sums().composition, from);
    more.merge(0, some(5));
    expect(isPacked(more.kept(0))).toBe(false);
    expect(isPacked(states.kept(0))).toBe(true);
    const both = some(0);
    some(5).forEach((x, i) => {
      both[i]! += x;
    });
    expect(sameBits(more.look(0), both)).toBe(true);
  });

  it('puts one that is read by several threads into memory that they share, to the same bits', async () => {
    for (const packed of [false, true]) {
      const states = openStates(sums().composition);
      states.merge(0, some(0));
      if (packed) await states.done(0);
      states.share(0);
      const state = stateOf(states.kept(0)) as Float64Array;
      expect(state.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(Buffer.compare(Uint8Array.from(new Uint8Array(state.buffer)), new Uint8Array(some(0).buffer))).toBe(0);
    }
  });

  it('leaves small states as they are', async () => {
    const small = { ...sums().composition };
    const states = openStates(
      small,
      [0, 1, 2].map((l) => ({ state: [l] })),
    );
    for (const l of [0, 1, 2]) await states.done(l);
    expect([0, 1, 2].map((l) => states.kept(l))).toEqual([0, 1, 2].map((l) => ({ state: [l] })));
  });
});

describe('resultsOf(composition, progress)', () => {
  it('makes a result where it is read, and holds one at a time', () => {
    const { composition, made } = sums();
    const counts = { perturbations: 0, valid: 0, dead: 0, censored: 0, nonFinite: 0 };
    const results = resultsOf(
      composition,
      [0, 1, 2].map((l) => ({ merged: 1, counts, state: some(l) })),
    );
    expect(made()).toBe(0);
    expect(sameBits(results[1]!.result, some(1))).toBe(true);
    const first = results[1]!.result;
    expect(results[1]!.result).toBe(first);
    expect(made()).toBe(1);
    expect(sameBits(results[2]!.result, some(2))).toBe(true);
    expect(sameBits(results[1]!.result, some(1))).toBe(true);
    expect(made()).toBe(3);
  });
});
