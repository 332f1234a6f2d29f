import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SchemaError, StoreError } from '../../error.ts';
import { isBucketAddress } from '../address.ts';
import { isFolder, storeError } from '../file.ts';
import type { TextOptions } from './dialect.ts';
import type { Bytes } from './parquet.ts';
import { columnList, type TableFile } from './table-file.ts';
import { type Packing, packingOf, unpacked } from './unpack.ts';

/** A path, or a stream of bytes such as standard input. */
export type TableSource = string | AsyncIterable<Uint8Array>;

/** A format's reader is loaded where a file of it is read: together they are as large as all that a run needs. */
const load = {
  arrow: () => import('./arrow.ts'),
  delimited: () => import('./delimited.ts'),
  folder: () => import('./folder.ts'),
  hdf5: () => import('./hdf5.ts'),
  json: () => import('./json.ts'),
  npy: () => import('./npy.ts'),
  parquet: () => import('./parquet.ts'),
  text: () => import('./text-stream.ts'),
};

type Format = 'parquet' | 'arrow-file' | 'arrow-stream' | 'npy' | 'hdf5' | 'text' | Packing;

const foreign: [string, string][] = [
  ['PK\x03\x04', 'a zip archive (.npz, .xlsx …): unpack it, or save its table as CSV, Parquet or .npy'],
  ['MATLAB 5.0', 'a MATLAB file of version 5: save it with -v7.3, or its columns as CSV'],
  ['FEA1', 'a Feather file of version 1: write version 2'],
  ['SQLite format 3', 'a SQLite database: export the table as CSV or Parquet'],
  ['BZh', 'packed with bzip2: unpack it, or pack it with gzip or zstd'],
  ['\xfd7zXZ', 'packed with xz: unpack it, or pack it with gzip or zstd'],
  ['%PDF', 'a PDF: save its table as CSV'],
  ['version https://', 'a pointer of Git LFS, not the file itself: git lfs pull brings it'],
  ['RDX', 'an R data file: save its table as CSV or Parquet'],
];

/** By what the first bytes say, whatever the name says. */
function formatOf(name: string, start: Uint8Array): Format {
  const text = Buffer.from(start).toString('latin1');
  const other = foreign.find(([mark]) => text.startsWith(mark));
  if (other !== undefined) throw new StoreError(`${name} is ${other[1]}`);
  if (/^\s*<(?:!doctype|html|\?xml|svg)/i.test(text)) {
    throw new StoreError(
      `${name} is a web page or XML, not a table: expected CSV, Parquet, Arrow IPC, JSON, .npy or HDF5`,
    );
  }
  if (text.startsWith('PAR1')) return 'parquet';
  if (text.startsWith('ARROW1')) return 'arrow-file';
  if (text.startsWith('\x93NUMPY')) return 'npy';
  if (text.startsWith('\x89HDF') || text.startsWith('MATLAB 7.3')) return 'hdf5';
  if (text.startsWith('\xff\xff\xff\xff')) return 'arrow-stream';
  return packingOf(start) ?? 'text';
}

const startLength = 16;

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

async function opened(path: string): Promise<FileHandle> {
  if (isBucketAddress(path)) throw new StoreError(`${path} is in a bucket: copy it here first (aws s3 cp ${path} .)`);
  return open(path, 'r').catch((error: unknown) => {
    throw storeError('read', path, error);
  });
}

/**
 * A file whose bytes can be read anywhere, to be closed by the caller.
 * @throws StoreError where it can't be opened
 */
export const openBytes = async (path: string): Promise<Bytes> => fileBytes(path, await opened(path));

/** A stream whose failures name the file. */
async function* guarded(path: string, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw storeError('read', path, error);
  }
}

async function openText(
  name: string,
  source: AsyncIterable<Uint8Array>,
  close: () => Promise<void>,
  options: TextOptions,
): Promise<TableFile> {
  const text = await (await load.text()).textOf(name, source, options.encoding);
  if (/^\s*[[{]/.test(text.sample)) return (await load.json()).jsonFile(name, text, close);
  return (await load.delimited()).delimitedFile(name, text, close, options);
}

async function openPath(path: string, options: TextOptions): Promise<TableFile> {
  const handle = await opened(path);
  // The Arrow reader closes its file itself where it reads to the end.
  const close = async (): Promise<void> => {
    if (handle.fd >= 0) await handle.close();
  };
  try {
    const start = new Uint8Array(startLength);
    const { bytesRead } = await handle.read(start, 0, startLength, 0);
    // An empty or cut file of a Parquet name is a damaged one, not a text.
    const format = /\.parquet$/i.test(path) ? 'parquet' : formatOf(path, start.subarray(0, bytesRead));
    if (format === 'parquet') return await (await load.parquet()).parquetFile(await fileBytes(path, handle));
    if (format === 'npy') return await (await load.npy()).npyFile(await fileBytes(path, handle));
    if (format === 'hdf5') {
      await close();
      return await (await load.hdf5()).hdf5File(path);
    }
    if (format === 'arrow-file') return await (await load.arrow()).arrowFile(path, handle, close);
    const stream = createReadStream(path, { fd: handle, start: 0, autoClose: false, highWaterMark: 1 << 20 });
    const bytes = guarded(path, stream);
    if (format === 'arrow-stream') return await (await load.arrow()).arrowFile(path, bytes, close);
    if (format === 'text') return await openText(path, bytes, close, options);
    return await openStream(path, unpacked(path, format, bytes), close, options);
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

async function held(name: string, stream: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const whole = new Uint8Array(Buffer.concat(chunks));
  return {
    name,
    length: whole.length,
    read: async (start, end) => whole.slice(start, end).buffer,
    close: async () => {},
  };
}

async function openStream(
  name: string,
  source: AsyncIterable<Uint8Array>,
  closeSource: () => Promise<void>,
  options: TextOptions,
): Promise<TableFile> {
  const rest = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  while (first.reduce((sum, bytes) => sum + bytes.length, 0) < startLength) {
    const { value, done } = await rest.next();
    if (done === true) break;
    first.push(value);
  }
  const stream = chained(first, rest);
  const close = async (): Promise<void> => {
    await rest.return?.();
    await closeSource();
  };
  const format = formatOf(name, Buffer.concat(first).subarray(0, startLength));
  if (format === 'text') return openText(name, stream, close, options);
  if (format === 'parquet') return (await load.parquet()).parquetFile(await held(name, stream));
  if (format === 'npy') return (await load.npy()).npyFile(await held(name, stream));
  if (format === 'hdf5') throw new StoreError(`${name} is HDF5, which is read by its path alone: give a file`);
  if (format === 'gzip' || format === 'zstd') return openStream(name, unpacked(name, format, stream), close, options);
  return (await load.arrow()).arrowFile(name, stream, close);
}

/** A folder of tables, or a pattern of files, as one table. */
async function openTogether(path: string, options: TextOptions): Promise<TableFile> {
  const { filesTable, fixedPart, tableFiles } = await load.folder();
  return filesTable(path, await tableFiles(path), fixedPart(path), (file) => openPath(file, options));
}

/**
 * Opens a table in Parquet, Arrow IPC (Feather; file or stream), delimited text, JSON or JSON lines, .npy, HDF5 (MATLAB 7.3), and any of these but
 * HDF5 packed with gzip or zstd. The format shows in the first bytes. Parquet and .npy from a stream are held in memory, everything else is read as it comes.
 * A folder of files of one kind, or a pattern of files with stars and question marks, is one table; names of folders such as `run=1` are columns of it.
 * @param options how a text is to be read, where that isn't to be found out
 * @throws StoreError where it can't be read or is not whole
 */
export async function openTable(source: TableSource, options: TextOptions = {}): Promise<TableFile> {
  if (typeof source !== 'string') return openStream('standard input', source, async () => {}, options);
  const several = (await isFolder(source)) || (/[*?]/.test(source) && !existsSync(source));
  return several ? openTogether(source, options) : openPath(source, options);
}

/** @throws SchemaError for a column that the table doesn't have, naming those it has */
export function checkColumns(table: TableFile, names: readonly string[]): void {
  for (const name of names) {
    if (!table.columns.includes(name)) {
      const what = table.unreadable?.get(name);
      if (what !== undefined) {
        throw new SchemaError(`column '${name}' of ${table.name} holds ${what}, expected numbers, texts or booleans`);
      }
      throw new SchemaError(`${table.name} has no column '${name}'; its columns are ${columnList(table)}`);
    }
  }
}
