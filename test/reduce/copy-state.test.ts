import { describe, expect, it } from 'vitest';
import { copyState } from '../../src/reduce/copy-state.ts';

describe('copyState(state)', () => {
  const make = () => ({
    numbers: Float64Array.of(1, -0, Number.NaN),
    words: Int32Array.of(3),
    singles: Float32Array.of(0.1),
    bytes: Uint8Array.of(7),
    ids: BigInt64Array.of(2n ** 62n),
    map: new Map<number | string, unknown>([
      [1, { inner: Float64Array.of(2) }],
      ['b', undefined],
    ]),
    list: [1, [Float64Array.of(4)], null],
    set: new Set([1, 2]),
    when: new Date(0),
    nothing: undefined,
  });

  it('copies what structuredClone copies, and shares nothing with it', () => {
    const state = make();
    const copy = copyState(state);
    expect(copy).toEqual(structuredClone(state));
    expect(Object.is(copy.numbers[1], -0)).toBe(true);
    state.numbers[0] = 9;
    (state.map.get(1) as { inner: Float64Array }).inner[0] = 9;
    (state.list[1] as Float64Array[])[0]![0] = 9;
    state.map.set('c', 1);
    state.set.add(3);
    state.bytes[0] = 9;
    expect(copy).toEqual(make());
  });

  it('copies a view as what it shows, not as what lies around it', () => {
    const whole = Float64Array.of(1, 2, 3, 4);
    const copy = copyState({ part: whole.subarray(1, 3) });
    expect([...copy.part]).toEqual([2, 3]);
    expect(copy.part.buffer.byteLength).toBe(16);
  });

  it('keeps what stands at two places, or within itself, one thing', () => {
    const shared = Float64Array.of(1);
    const state: { a: Float64Array; b: Float64Array; self?: unknown } = { a: shared, b: shared };
    state.self = state;
    const copy = copyState(state);
    expect(copy.a).toBe(copy.b);
    expect(copy.a).not.toBe(shared);
    expect(copy.self).toBe(copy);
  });

  it('takes the memory of a spare state where that fits, and none that it has taken', () => {
    const spare = { a: Float64Array.of(9, 9), b: Int32Array.of(9), long: new Float64Array(5), kind: new Int32Array(1) };
    const state = { a: Float64Array.of(1, 2), b: Int32Array.of(3), long: Float64Array.of(4), kind: Float32Array.of(5) };
    const copy = copyState<object>(state, spare) as typeof state;
    expect(copy).toEqual(state);
    expect([copy.a === spare.a, copy.b === spare.b]).toEqual([true, true]);
    expect(copy.long.buffer === spare.long.buffer).toBe(true);
    state.long[0] = state.kind[0] = 0;
    expect([copy.long[0], copy.kind[0]]).toEqual([4, 5]);
    const one = new Float64Array(1);
    const apart = { a: Float64Array.of(1), b: Float64Array.of(2) };
    expect(copyState(apart, { a: one, b: one })).toEqual(apart);
    // Two views of one memory, and one of a part of it.
    const { buffer } = one;
    expect(copyState(apart, { a: new Float64Array(buffer), b: new Float64Array(buffer) })).toEqual(apart);
    const around = Float64Array.of(7, 8);
    expect(copyState(apart, { a: around.subarray(1), b: around.subarray(0, 0) })).toEqual(apart);
    expect(around[1]).toBe(8);
  });

  it('refuses functions as structuredClone does', () => {
    expect(() => copyState({ f: () => 1 })).toThrow(/could not be cloned/);
  });
});
