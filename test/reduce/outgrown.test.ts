import { describe, expect, it } from 'vitest';
import { integerZeros, outgrown, widened, zeros } from '../../src/reduce/outgrown.ts';

describe('widened(old, length, before)', () => {
  it('keeps entries and makes those around them 0, in the same memory where there is room', () => {
    for (const [length, before] of [
      [5, 0],
      [5, 2],
      [8, 3],
      [8, 6],
    ] as const) {
      const expected = [...new Array(before).fill(0), 1, 2, ...new Array(length - before - 2).fill(0)];
      const memory = new Float64Array(8).fill(9);
      memory.set([1, 2]);
      const within = widened(memory.subarray(0, 2), length, before);
      expect([...within]).toEqual(expected);
      expect(within.buffer).toBe(memory.buffer);
      const small = Float64Array.of(1, 2);
      expect([...widened(small, length, before)]).toEqual(expected);
      expect([...widened(memory.subarray(6).fill(1), 8)]).toEqual([1, 1, 0, 0, 0, 0, 0, 0]);
    }
    expect([...widened(new Float64Array(0), 2)]).toEqual([0, 0]);
  });

  it('leaves what it took longer memory for to the next, as zeros', () => {
    const old = Float64Array.of(1, 2, 3);
    widened(old, 7);
    const { buffer } = old;
    const next = zeros(3);
    expect(next.buffer).toBe(buffer);
    expect([...next]).toEqual([0, 0, 0]);
    // A view of more is no memory of its own.
    const part = new Float64Array(9).subarray(0, 3);
    outgrown(part);
    expect(zeros(3)).not.toBe(part);
  });

  it('leaves memory of integers to arrays of as many bytes', () => {
    const old = Int32Array.of(1, 2, 3, 4, 5, 6);
    const { buffer } = old;
    outgrown(old);
    const next = integerZeros(6);
    expect(next.buffer).toBe(buffer);
    expect([...next]).toEqual([0, 0, 0, 0, 0, 0]);
    outgrown(next);
    expect(zeros(3).buffer).toBe(buffer);
  });

  it('keeps 2 MB at most: what was left longest ago is freed, or what is longer alone', () => {
    const large = new Float64Array(2 ** 18 + 1);
    outgrown(large);
    expect(large.length).toBe(0);
    const arrays = [1, 2, 3].map((more) => new Float64Array(2 ** 17 - 8 + more));
    for (const array of arrays) outgrown(array);
    expect(arrays.map(({ length }) => length > 0)).toEqual([false, true, true]);
  });
});
