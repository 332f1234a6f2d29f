import { describe, expect, it } from 'vitest';
import { StateMemory } from '../../src/run/state-memory.ts';

interface State {
  readonly by: Map<number, { counts: Float64Array; readonly rows: Int32Array }>;
  readonly name: string;
}

const numbers = (length: number, from: number): Float64Array => Float64Array.from({ length }, (_, i) => from + i);
/** Holds arrays that a reducer would give back. */
const memoryFor = <State>(arraysOf: (state: State) => Iterable<Float64Array | Int32Array>): StateMemory =>
  new StateMemory({
    release(state, take) {
      for (const array of arraysOf(state as State)) take?.(array);
    },
  });

describe('StateMemory', () => {
  it('holds arrays that are outgrown fifty times, in little more memory than they need', () => {
    const memory = memoryFor(({ by }: State) => [...by.values()].flatMap(({ counts, rows }) => [counts, rows]));
    const blocks = 8;
    const state: State = { by: new Map(), name: 'one' };
    for (let i = 0; i < blocks; i++) {
      const block = { counts: numbers(100, i), rows: Int32Array.of(i, 2, 3) };
      state.by.set(i, block);
      expect(memory.gather(state)).toBe(state);
    }
    for (let round = 0; round < 400; round++) {
      const block = state.by.get((round * 5) % blocks)!;
      const longer = new Float64Array(block.counts.length + 64);
      longer.set(block.counts);
      longer.set(numbers(64, block.counts.at(-1)! + 1), block.counts.length);
      block.counts = longer;
      memory.gather(state);
      // What was moved leaves nothing behind.
      expect(longer.length).toBe(0);
    }
    const { buffer } = state.by.get(0)!.counts;
    expect(buffer).toBeInstanceOf(SharedArrayBuffer);
    for (const [i, { counts, rows }] of state.by) {
      expect(counts).toEqual(numbers(100 + 64 * 50, i));
      expect(rows).toEqual(Int32Array.of(i, 2, 3));
      expect([counts.buffer, rows.buffer]).toEqual([buffer, buffer]);
    }
    const needed = blocks * (8 * (100 + 64 * 50) + 16);
    expect(buffer.byteLength).toBeGreaterThanOrEqual(needed);
    expect(buffer.byteLength).toBeLessThan(1.25 * needed);
  });

  it('takes what the reducer would give back, nothing else, and is written anew once it is cleared', () => {
    const memory = memoryFor((state: unknown) =>
      ArrayBuffer.isView(state) ? [state as Float64Array] : [(state as { mine: Float64Array }).mine],
    );
    const [mine, others] = [numbers(10, 0), numbers(10, 5)];
    const state = { mine, again: [mine], others, frozen: Object.freeze({ others }), none: null, n: 3 };
    const same = [numbers(10, 0), numbers(10, 5)];
    expect(memory.gather(state)).toBe(state);
    expect(state).toEqual({
      mine: same[0],
      again: [same[0]],
      others: same[1],
      frozen: { others: same[1] },
      none: null,
      n: 3,
    });
    expect([state.mine.buffer, others.buffer]).toEqual([expect.any(SharedArrayBuffer), expect.any(ArrayBuffer)]);
    expect(state.again[0]).toBe(state.mine);
    memory.clear();
    const next = memory.gather(numbers(12, 7)) as Float64Array;
    expect(next.buffer).toBe(state.mine.buffer);
    expect(next).toEqual(numbers(12, 7));
  });

  it('looks for arrays the more rarely the more has been merged', () => {
    const memory = memoryFor((state: Float64Array) => [state]);
    let looked = 0;
    for (let i = 0; i < 1000; i++) {
      const { buffer } = memory.merged(new Float64Array(8)) as Float64Array;
      if (buffer instanceof SharedArrayBuffer) looked++;
      else expect(i).toBeGreaterThan(31);
    }
    expect(looked).toBeLessThan(200);
  });

  it('leaves a state as it is that it has no room for', () => {
    const large = new Float64Array(2 ** 25 + 1);
    expect(memoryFor((state: Float64Array) => [state]).gather(large)).toBe(large);
    expect(large.length).toBe(2 ** 25 + 1);
  });
});
