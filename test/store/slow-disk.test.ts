import { existsSync } from 'node:fs';
import type * as Files from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { StoreError } from '../../src/error.ts';
import { makeBatch } from '../../src/schema/batch.ts';
import { parquetSink } from '../../src/store/parquet/sink.ts';
import { avalancheColumns } from './avalanche-columns.ts';
import { scratchFolder } from './scratch.ts';

/** What every write waits for, or fails with. */
const disk = vi.hoisted(() => ({ write: (): Promise<void> => Promise.resolve() }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof Files>();
  const open: typeof real.open = async (...args) => {
    const file = await real.open(...args);
    const write = file.write.bind(file) as (...what: unknown[]) => Promise<unknown>;
    return Object.assign(file, {
      write: async (...what: unknown[]) => {
        await disk.write();
        return write(...what);
      },
    });
  };
  return { ...real, open };
});

const scratch = scratchFolder();
const batch = makeBatch('avalanche', avalancheColumns(10_000, 1), 10_000);

describe('parquetSink', () => {
  it('waits for a slow disk: a write is done when its row group was taken', async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    disk.write = () => gate;
    await using sink = parquetSink('avalanche', scratch, 'slow.parquet', { rowGroupRows: 10_000 });
    let taken = false;
    const writing = Promise.resolve(sink.write(batch)).then(() => {
      taken = true;
    });
    await sleep(50);
    expect(taken).toBe(false);
    open();
    await writing;
    expect(taken).toBe(true);
  });

  it('reports the failure of a full disk on every later write and on commit, awaited or not', async () => {
    disk.write = () => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }));
    await using sink = parquetSink('avalanche', scratch, 'full.parquet', { rowGroupRows: 10_000 });
    void sink.write(batch);
    void sink.write(batch);
    await sleep(20);
    await expect(sink.write(batch)).rejects.toThrow(/cannot write .*full.parquet: no space is left/);
    await expect(sink.commit()).rejects.toThrow(StoreError);
    expect(existsSync(join(scratch, 'full.parquet'))).toBe(false);
  });
});
