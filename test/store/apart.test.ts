import { describe, expect, it } from 'vitest';
import { apart, arrayOf, bytesOf, bytesOfShapes, shapeOf, shared, together } from '../../src/store/apart.ts';

const value = () => ({
  counts: Float64Array.of(1, Number.NaN, -0),
  by: new Map([[3, { odd: Uint8Array.of(1, 2, 3), words: BigInt64Array.of(2n ** 62n) }]]),
  part: new Int32Array([0, 7, 9, 0]).subarray(1, 3),
  none: new Float32Array(0),
  rest: [1, 'two', undefined],
});

describe('apart(value)', () => {
  it('takes the arrays out without a copy, from which together() makes the value again', () => {
    const whole = value();
    const { frame, arrays } = apart(whole);
    expect(arrays[0]).toBe(whole.counts);
    const shapes = arrays.map(shapeOf);
    expect(bytesOfShapes(shapes)).toBe(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
    const copies = shapes.map(arrayOf);
    for (const [i, copy] of copies.entries()) bytesOf(copy).set(bytesOf(arrays[i]!));
    expect(together({ frame, arrays: copies })).toEqual(value());
    expect(whole).toEqual(value());
  });
});

describe('shared(value)', () => {
  it('is the same value in one piece of memory that a clone shares', () => {
    const one = shared(value()) as ReturnType<typeof value>;
    expect(one).toEqual(value());
    const memory = new Set(apart(one).arrays.map(({ buffer }) => buffer));
    expect([...memory]).toEqual([expect.any(SharedArrayBuffer)]);
    // As a message to a thread takes it.
    const other = structuredClone(one);
    one.counts[1] = 5;
    expect(other.counts[1]).toBe(5);
  });
});
