import { type RecordBatch, RecordBatchReader, RecordBatchStreamWriter } from 'apache-arrow';
import { checkBatch } from '../schema/check.ts';
import type { Part, Sink } from './sink.ts';

/** A sink that keeps its batches. */
export interface MemorySink extends Sink {
  /** Copies of what was written, with all columns; empty again once disposed without a commit. */
  readonly batches: readonly RecordBatch[];
}

/** A copy that shares no memory: through the IPC format, which holds columns of any type. */
function copied(batch: RecordBatch): RecordBatch[] {
  const bytes = RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
  return [...RecordBatchReader.from(bytes.slice())];
}

/**
 * A sink that keeps one table in memory, for tests and for library users whose tables are small.
 * @throws SchemaError from `write` for a batch that lacks a column of the table
 */
export function memorySink(table: string): MemorySink {
  const batches: RecordBatch[] = [];
  let committed = false;
  return {
    batches,
    write(batch) {
      checkBatch(table, batch);
      if (batch.numRows > 0) batches.push(...copied(batch));
    },
    async commit(): Promise<Part> {
      committed = true;
      return { table, path: '', rows: batches.reduce((sum, { numRows }) => sum + numRows, 0), bytes: 0 };
    },
    async [Symbol.asyncDispose]() {
      if (!committed) batches.length = 0;
    },
  };
}
