import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { apart, arrayOf, bytesOf, bytesOfShapes, digestOf, shapeOf, shared, together } from '../../src/store/apart.ts';

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

describe('apart(value).frame', () => {
  it('has the same bytes however V8 holds the numbers: fields that once had a fraction are doubles ever after', () => {
    const counts = (n: number) => ({ counted: n, also: 2 * n });
    const small = serialize(counts(3));
    const before = apart(counts(3)).frame;
    counts(0.5);
    // Without which the test would say nothing.
    expect(serialize(counts(3))).not.toEqual(small);
    expect(apart(counts(3)).frame).toEqual(before);
    expect(digestOf(counts(3))).toBe(digestOf({ counted: 3, also: 6 }));
    expect(digestOf(counts(3))).not.toBe(digestOf(counts(2)));
    expect(together({ frame: before, arrays: [] })).toEqual({ counted: 3, also: 6 });
  });

  it('keeps numbers that are no integers of V8: -0, NaN, infinities, large ones', () => {
    const numbers = {
      a: -0,
      b: Number.NaN,
      c: Number.NEGATIVE_INFINITY,
      d: 2 ** 53,
      e: [1.5, -1],
      f: new Map([[1, 2]]),
    };
    expect(together(apart(numbers))).toEqual(numbers);
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
