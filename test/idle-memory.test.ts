import { afterEach, describe, expect, it } from 'vitest';
import { freeIdle, freeNow } from '../src/idle-memory.ts';
import { outgrown, zeros } from '../src/reduce/outgrown.ts';
import { makeBatch } from '../src/schema/batch.ts';
import { parquetEncoder } from '../src/store/parquet/encoder.ts';

describe('freeNow(buffers)', () => {
  it('leaves nothing in them, given twice or not, and shared memory alone', () => {
    const before = process.memoryUsage().arrayBuffers;
    const arrays = [1, 2].map((value) => new Float64Array(2 ** 20).fill(value));
    const shared = new SharedArrayBuffer(8);
    freeNow([...arrays, ...arrays].map(({ buffer }) => buffer));
    freeNow([shared, new ArrayBuffer(0)]);
    expect(arrays.map(({ length }) => length)).toEqual([0, 0]);
    expect(shared.byteLength).toBe(8);
    // Both were 8 MB, and nothing has been collected for them.
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(before + 2 ** 22);
  });
});

describe('freeIdle()', () => {
  afterEach(freeIdle);

  it('frees what is kept of states, and the next ones are made anew', () => {
    const old = new Float64Array(3).fill(7);
    outgrown(old);
    freeIdle();
    expect(old.length).toBe(0);
    expect([...zeros(3)]).toEqual([0, 0, 0]);
  });

  it('frees what is kept of Parquet files, and leaves those under way alone', () => {
    const rows = 3000;
    const batch = makeBatch(
      'branching',
      {
        ensemble: new Int32Array(rows).fill(3),
        ancestors: Float64Array.from({ length: rows }, (_, i) => i),
        descendants: Float64Array.from({ length: rows }, (_, i) => 1 / i),
      },
      rows,
    );
    const bytesOf = (during: () => void): Buffer => {
      const encoder = parquetEncoder('branching');
      encoder.append(batch);
      during();
      encoder.append(batch);
      encoder.finish();
      return Buffer.from(encoder.take());
    };
    const plain = bytesOf(() => {});
    expect(plain.length).toBeGreaterThan(rows);
    const before = process.memoryUsage().arrayBuffers;
    freeIdle();
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(before - 8 * rows);
    expect(bytesOf(freeIdle).equals(plain)).toBe(true);
    freeIdle();
    expect(bytesOf(freeIdle).equals(plain)).toBe(true);
  });
});
