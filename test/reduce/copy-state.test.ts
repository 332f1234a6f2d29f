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

  it('refuses functions as structuredClone does', () => {
    expect(() => copyState({ f: () => 1 })).toThrow(/could not be cloned/);
  });
});
