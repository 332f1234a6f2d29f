import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPacked, pack, unpack } from '../../src/store/packed.ts';

class Tally {
  readonly seen = Float64Array.of(3, 4);
}

// Values beside it are what is compared: it is there to be worth packing.
const room = new Float64Array(8300).map((_, i) => (i % 7 === 0 ? Math.sin(i) : 0));
const sameBits = (a: unknown, b: Float64Array): boolean =>
  Buffer.compare(new Uint8Array((a as Float64Array).buffer), new Uint8Array(b.buffer)) === 0;

const typed = fc.oneof(
  fc.float64Array({ maxLength: 9 }),
  fc.float32Array({ maxLength: 9 }),
  fc.int32Array({ maxLength: 9 }),
  fc.uint8Array({ maxLength: 9 }),
  fc.bigInt64Array({ maxLength: 9 }),
);
const state = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.double(), fc.string(), fc.constant(null), fc.constant(undefined), fc.bigInt()),
    typed,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')).map((record) => ({ ...record })),
    fc.array(fc.tuple(fc.integer(), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(typed, { maxLength: 2 }).map((items) => new Set(items)),
  ),
})).value;

describe('pack(value), unpack(packed)', () => {
  it('gives back what structured cloning does, and leaves the value alone', async () => {
    await fc.assert(
      fc.asyncProperty(state, async (inner) => {
        const expected = structuredClone(inner);
        const packed = await pack({ inner, room });
        // As a checkpoint or a message to a thread takes it.
        const found = unpack(structuredClone(packed!)) as { inner: unknown; room: unknown };
        expect(found.inner).toEqual(expected);
        expect(sameBits(found.room, room)).toBe(true);
        expect(inner).toEqual(expected);
      }),
      { numRuns: 60, seed: 14 },
    );
  });

  it('holds what stands at two places once, circles, instances of classes, dates, buffers and views as plain values', async () => {
    const shared = { of: room };
    const value: Record<string, unknown> = { shared, again: shared, alone: room, tally: new Tally() };
    Object.assign(value, { self: value, when: new Date(5), bytes: Buffer.from('abc'), part: room.subarray(7, 14) });
    const found = unpack((await pack(value))!) as typeof value;
    expect(found.shared).toBe(found.again);
    expect((found.shared as typeof shared).of).toBe(found.alone);
    expect(found.self).toBe(found);
    expect(sameBits(found.alone, room)).toBe(true);
    expect(found.tally).toEqual({ seen: Float64Array.of(3, 4) });
    expect(found.when).toEqual(new Date(5));
    expect(found.bytes).toEqual(Uint8Array.from(Buffer.from('abc')));
    expect(found.part).toEqual(room.slice(7, 14));
  });

  it('is a fraction of states that are mostly zeros, in pieces; undefined where there is little', async () => {
    const sparse = Array.from({ length: 40 }, (_, k) => new Float64Array(20_000).fill(1 / 3, k, k + 1));
    const packed = (await pack({ sparse }))!;
    expect(packed.pieces.length).toBe(Math.ceil((40 * 160_000) / 524_288));
    expect(serialize(packed).length).toBeLessThan((40 * 160_000) / 50);
    const found = unpack(packed) as { sparse: Float64Array[] };
    expect(found.sparse.map((array, k) => sameBits(array, sparse[k]!))).toEqual(sparse.map(() => true));
    expect(await pack({ few: new Float64Array(8000) })).toBeUndefined();
  });

  it('knows what it made from what it did not, such as arrays that what is packed cannot hold', async () => {
    const packed = (await pack({ room }))!;
    expect(isPacked(structuredClone(packed))).toBe(true);
    const { frame, arrays, pieces } = packed;
    const others = [
      undefined,
      frame,
      { frame, arrays },
      { frame, arrays: [['Date', 1]], pieces },
      { frame, arrays: [['Float64Array', -1]], pieces },
      { frame, arrays: [['Float64Array', 2 ** 40]], pieces },
      { frame, arrays, pieces: ['text'] },
    ];
    expect(others.map(isPacked)).toEqual(others.map(() => false));
  });
});
