import type { Writable } from 'node:stream';
import { type RecordBatch, RecordBatchStreamWriter } from 'apache-arrow';
import { arrowSchema } from '../schema/batch.ts';
import { selectTable } from '../schema/check.ts';
import { storeError } from './file.ts';
import type { Part, Sink } from './sink.ts';

/** A sink whose reader may go away. */
export interface IpcSink extends Sink {
  /**
   * Aborted once nobody reads any more (the pipe is broken, the stream was closed): no failure, but a reason to stop producing. What is
   * written from then on is dropped.
   */
  readonly closed: AbortSignal;
}

/** Writes messages into memory, so that the stream behind sets the pace: the writer's own queue is unbounded. */
class MessageWriter extends RecordBatchStreamWriter {
  #sections: Uint8Array[] = [];

  override _write(chunk: ArrayBufferView): this {
    if (this._started) this.#sections.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    return this;
  }

  /** A copy of everything written since the last call: batches alias memory that their maker may use again. */
  take(): Buffer {
    const bytes = Buffer.concat(this.#sections);
    this.#sections = [];
    return bytes;
  }
}

const goneCodes = new Set([
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** How a message begins that says it goes on for eight bytes, four of which follow. */
const cutMessage = Int32Array.of(-1, 8, 0);

/**
 * A sink that writes one table as an Arrow IPC stream. `write` returns a promise while the stream is behind; a stream with no rows is still
 * whole: schema and end. The stream stays open for its owner to end. The part that `commit` gives has path `-`. Disposed of without `commit`,
 * what was written ends within a message, which is an error to every reader: between messages the end of the bytes would pass for the end
 * of the stream (https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format).
 *
 * @param table its columns are picked from the batches by name; further columns are ignored
 * @throws SchemaError from `write` for a batch that lacks a column of the table
 * @throws StoreError (rejections of `write` and `commit`) where the stream fails otherwise than by its reader going away
 */
export function ipcSink(table: string, to: Writable): IpcSink {
  const gone = new AbortController();
  const writer = new MessageWriter();
  let failure: Error | undefined;
  let waiting: (() => void)[] = [];
  let rows = 0;
  let bytes = 0;
  let ended = false;

  const wake = (): void => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const onError = (error: NodeJS.ErrnoException): void => {
    if (goneCodes.has(error.code ?? '')) gone.abort(error);
    else failure ??= storeError('write', `the ${table} stream`, error);
    wake();
  };
  const onClose = (): void => {
    if (failure === undefined) gone.abort(new Error('the stream was closed'));
    wake();
  };
  to.on('drain', wake).on('error', onError).on('close', onClose);
  if (to.destroyed) onClose();

  const drained = async (): Promise<void> => {
    while (to.writableNeedDrain && failure === undefined && !gone.signal.aborted) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    if (failure !== undefined) throw failure;
  };
  const send = (): boolean => {
    const message = writer.take();
    bytes += message.length;
    return to.write(message);
  };

  /** Writes what is last, and waits until it is taken. */
  const end = async (last: Uint8Array): Promise<void> => {
    ended = true;
    if (gone.signal.aborted || failure !== undefined) return;
    bytes += last.length;
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      to.write(last, () => resolve());
    });
  };

  writer.reset(undefined, arrowSchema(table));
  return {
    closed: gone.signal,
    write(batch: RecordBatch) {
      if (gone.signal.aborted || batch.numRows === 0) return undefined;
      if (failure !== undefined) return Promise.reject(failure);
      writer.write(selectTable(table, batch));
      rows += batch.numRows;
      if (send()) return undefined;
      const behind = drained();
      behind.catch(() => {}); // seen by whoever awaits it, and again on commit
      return behind;
    },
    async commit(): Promise<Part> {
      writer.close();
      await end(writer.take());
      await drained();
      return { table, path: '-', rows, bytes };
    },
    async [Symbol.asyncDispose]() {
      if (!ended) await end(new Uint8Array(cutMessage.buffer));
      to.off('drain', wake).off('close', onClose);
      // After a failure an error event may still be on its way; without a listener it would end the process.
      if (failure === undefined && !gone.signal.aborted) to.off('error', onError);
    },
  };
}
