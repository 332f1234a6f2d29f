import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SchemaError, StoreError } from '../../error.ts';
import { storeError } from '../file.ts';
import { arrowFile } from './arrow.ts';
import { csvFile } from './csv.ts';
import { type Bytes, parquetFile } from './parquet.ts';
import type { TableFile } from './table-file.ts';

/** A path, or a stream of bytes such as standard input. */
export type TableSource = string | AsyncIterable<Uint8Array>;

type Format = 'parquet' | 'arrow-file' | 'arrow-stream' | 'csv';

const endings: [RegExp, Format][] = [
  [/\.parquet$/i, 'parquet'],
  [/\.(csv|tsv|txt)$/i, 'csv'],
];

/** By what the first bytes say. */
function formatOf(start: Uint8Array): Format {
  const text = Buffer.from(start).toString('latin1');
  if (text.startsWith('PAR1')) return 'parquet';
  if (text.startsWith('ARROW1')) return 'arrow-file';
  return text.startsWith('\xff\xff\xff\xff') ? 'arrow-stream' : 'csv';
}

const startLength = 8;

async function fileBytes(path: string, handle: FileHandle): Promise<Bytes> {
  const { size } = await handle.stat();
  return {
    name: path,
    length: size,
    async read(start, end) {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at).catch((error: unknown) => {
          throw storeError('read', path, error);
        });
        if (bytesRead === 0) throw new StoreError(`${path} became shorter while it was read`);
        at += bytesRead;
      }
      return bytes.buffer;
    },
    close: () => handle.close(),
  };
}

/**
 * A file whose bytes can be read anywhere, to be closed by the caller.
 * @throws StoreError where it can't be opened
 */
export async function openBytes(path: string): Promise<Bytes> {
  try {
    return await fileBytes(path, await open(path, 'r'));
  } catch (error) {
    throw storeError('read', path, error);
  }
}

/** A stream whose failures name the file. */
async function* guarded(path: string, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw storeError('read', path, error);
  }
}

async function openPath(path: string): Promise<TableFile> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw storeError('read', path, error);
  });
  // The Arrow reader closes its file itself where it reads to the end.
  const close = async (): Promise<void> => {
    if (handle.fd >= 0) await handle.close();
  };
  try {
    const start = new Uint8Array(startLength);
    const { bytesRead } = await handle.read(start, 0, startLength, 0);
    const format = endings.find(([ending]) => ending.test(path))?.[1] ?? formatOf(start.subarray(0, bytesRead));
    if (format === 'parquet') return await parquetFile(await fileBytes(path, handle));
    if (format === 'arrow-file') return await arrowFile(path, handle, close);
    const stream = createReadStream(path, { fd: handle, start: 0, autoClose: false, highWaterMark: 1 << 20 });
    return await (format === 'csv' ? csvFile : arrowFile)(path, guarded(path, stream), close);
  } catch (error) {
    await close().catch(() => {});
    throw storeError('read', path, error);
  }
}

/** The bytes of a stream, the first ones looked at before. */
async function* chained(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  for (;;) {
    const { value, done } = await rest.next();
    if (done === true) return;
    yield value;
  }
}

async function openStream(source: AsyncIterable<Uint8Array>): Promise<TableFile> {
  const name = 'standard input';
  const rest = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  while (first.reduce((sum, bytes) => sum + bytes.length, 0) < startLength) {
    const { value, done } = await rest.next();
    if (done === true) break;
    first.push(value);
  }
  const stream = chained(first, rest);
  const close = async (): Promise<void> => void (await rest.return?.());
  const format = formatOf(Buffer.concat(first).subarray(0, startLength));
  if (format === 'csv') return csvFile(name, stream, close);
  if (format !== 'parquet') return arrowFile(name, stream, close);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const whole = new Uint8Array(Buffer.concat(chunks));
  return parquetFile({
    name,
    length: whole.length,
    read: async (start, end) => whole.slice(start, end).buffer,
    close: async () => {},
  });
}

/**
 * Opens a table in Parquet, Arrow IPC (file or stream) or delimited text. The format shows in the first bytes; files named .parquet, .csv, .tsv
 * or .txt are what their names say. Parquet from a stream is held in memory, everything else is read as it comes.
 * @throws StoreError where it can't be read or is not whole
 */
export function openTable(source: TableSource): Promise<TableFile> {
  return typeof source === 'string' ? openPath(source) : openStream(source);
}

/** @throws SchemaError for a column that the table doesn't have, naming those it has */
export function checkColumns(table: TableFile, names: readonly string[]): void {
  for (const name of names) {
    if (!table.columns.includes(name)) {
      throw new SchemaError(`${table.name} has no column '${name}'; its columns are ${table.columns.join(', ')}`);
    }
  }
}
