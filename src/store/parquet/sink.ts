import { join } from 'node:path';
import { type NewFileOptions, newFile } from '../file.ts';
import type { Part, Sink } from '../sink.ts';
import { giveBack, type ParquetOptions, parquetEncoder } from './encoder.ts';

/** How a table is written to a Parquet file. */
export interface ParquetSinkOptions extends ParquetOptions, NewFileOptions {}

/**
 * A sink that writes one table to a Parquet file. At most one row group is held; `write` returns a promise where one was finished
 * and is on its way to the disk. The same rows give the same bytes, however they come in batches.
 *
 * @param table its columns are picked from the batches by name; further columns are ignored
 * @param folder run folder
 * @param path of the file, relative to the run folder; appears on `commit`
 * @throws SchemaError from `write` for a batch that lacks a column of the table
 * @throws StoreError (rejections of `write` and `commit`) naming the file, once the disk fails; the sink is then only good for disposal
 */
export function parquetSink(table: string, folder: string, path: string, options: ParquetSinkOptions = {}): Sink {
  const encoder = parquetEncoder(table, options);
  const file = newFile(join(folder, path), options);
  let writing: Promise<void> = Promise.resolve();
  let state: 'open' | 'committed' | 'disposed' = 'open';

  const flush = (): Promise<void> => {
    const bytes = encoder.take();
    writing = writing.then(() => file.write([bytes])).then(() => giveBack(bytes));
    // A failure is seen by whoever awaits the returned promise, and again on commit: never as an unhandled rejection.
    writing.catch(() => {});
    return writing;
  };

  const mustBeOpen = (): void => {
    if (state !== 'open') throw new Error(`the sink of ${path} is ${state}`);
  };

  return {
    write(batch) {
      mustBeOpen();
      const groups = Math.floor(encoder.rows / encoder.rowGroupRows);
      encoder.append(batch);
      return Math.floor(encoder.rows / encoder.rowGroupRows) > groups ? flush() : undefined;
    },
    async commit(): Promise<Part> {
      mustBeOpen();
      encoder.finish();
      await flush();
      const written = await file.commit();
      state = 'committed';
      return { table, path, rows: encoder.rows, ...written };
    },
    async [Symbol.asyncDispose]() {
      if (state !== 'open') return;
      state = 'disposed';
      await writing.catch(() => {});
      await file.discard();
    },
  };
}
