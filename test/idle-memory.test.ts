import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { exposeCollector, ownCollector } from '../src/cli/tune-v8.ts';
import { measureHalves } from '../src/crackling/exponents.ts';
import { cracklingReducer } from '../src/crackling/reducer.ts';
import '../src/flow/perturbations.ts';
import { freeIdle, freeNow } from '../src/idle-memory.ts';
import { MeanSquareTable } from '../src/propagation/effective/table.ts';
import { handedBack } from '../src/reduce/handed-back.ts';
import { outgrown, zeros } from '../src/reduce/outgrown.ts';
import { makeBatch } from '../src/schema/batch.ts';
import { constantInt32 } from '../src/schema/constant-column.ts';
import { saveCheckpoint } from '../src/store/checkpoint.ts';
import { giveBack, parquetEncoder } from '../src/store/parquet/encoder.ts';
import { avalancheBatch } from './reduce/batches.ts';
import { uniform } from './reduce/uniform.ts';
import { scratchFolder } from './store/scratch.ts';

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

  it('has columns of one value made anew', () => {
    const column = constantInt32(7, 10);
    expect(constantInt32(7, 9).buffer).toBe(column.buffer);
    freeIdle();
    expect(constantInt32(7, 9).buffer).not.toBe(column.buffer);
    // A batch may still have it.
    expect([...column]).toEqual(new Array(10).fill(7));
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

describe('memory of arrays', () => {
  exposeCollector();
  const collect = ownCollector();

  /** Bytes of arrays that something leaves behind, in use or not yet collected. */
  const left = (make: () => void): number => {
    collect?.();
    const before = process.memoryUsage().arrayBuffers;
    make();
    return process.memoryUsage().arrayBuffers - before;
  };

  it('of a Parquet file is what its columns and bytes need, and the next one takes the same', () => {
    const rows = 3000;
    const batches = 20;
    const file = (): void => {
      const encoder = parquetEncoder('branching');
      for (let b = 0; b < batches; b++) {
        const columns = {
          ensemble: new Int32Array(rows).fill(3),
          ancestors: Float64Array.from({ length: rows }, (_, i) => i),
          descendants: Float64Array.from({ length: rows }, (_, i) => b * i),
        };
        const batch = makeBatch('branching', columns, rows);
        encoder.append(batch);
        freeNow(Object.values(columns).map(({ buffer }) => buffer));
      }
      encoder.finish();
      giveBack(encoder.take());
    };
    freeIdle();
    // Columns of 240, 480 and 480 kB, and a file; each a quarter longer at most. Doubled ones come to 2.7 MB.
    expect(left(file)).toBeLessThan(2.4e6);
    for (let again = 0; again < 3; again++) expect(left(file)).toBeLessThan(2 ** 16);
  });

  const folder = scratchFolder();

  it('of what a checkpoint is written from is freed', async () => {
    collect?.();
    const before = process.memoryUsage().arrayBuffers;
    const head = { identity: 'this run', journal: undefined };
    await saveCheckpoint(join(folder, 'checkpoint'), { ...head, entries: [] }, { durable: false });
    // It has half a megabyte.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 18);
  });

  it('of a table of the effective law is that of its numbers', () => {
    expect(left(() => new MeanSquareTable(500, (h) => Math.tanh(h) ** 2, false))).toBeLessThan(2 ** 20);
  });

  it('of fits to halves is that of their sums, and the next walk takes the same', () => {
    const random = uniform(4);
    const reducer = cracklingReducer({ profilePoints: 4, blocks: 16 });
    const state = Array.from({ length: 16 }, (_, i) =>
      reducer.step(
        reducer.init(i),
        avalancheBatch(
          Array.from({ length: 800 }, () => {
            const duration = Math.ceil(random() ** -1);
            return { duration, size: duration ** 2 * (1 + random()), censored: false, profile: [1, 2, 3, 4] };
          }),
        ),
      ),
    ).reduce((a, b) => reducer.merge(a, b));
    const sizes: number[] = [];
    reducer.release!(state, ({ byteLength }) => void sizes.push(byteLength));
    const bytes = sizes.reduce((sum, size) => sum + size);
    const blocked = reducer.finish(state);
    // Six sums at a time of 16 blocks, and two results.
    expect(left(() => void handedBack(blocked.halves, () => 0))).toBeLessThan(0.75 * bytes);
    const how = {
      window: {
        rule: 'scaling',
        scaling: { min: 2, max: 50 },
        sizes: { min: 'auto', max: 'auto' },
        durations: { min: 'auto', max: 'auto' },
      },
      scalingCount: 50,
      collapse: { least: 2, most: 20 },
    } as const;
    measureHalves(blocked, how);
    expect(left(() => void measureHalves(blocked, how))).toBeLessThan(2 ** 20);
  });
});
