import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ParameterError, SchemaError, StoreError } from '../error.ts';
import type { EnsembleRow } from '../schema/columns.ts';
import { fieldNames } from '../schema/table.ts';
import { folderName, isBucketAddress } from '../store/address.ts';
import { checkFiles, manifestName, readManifest } from '../store/folder.ts';
import type { Manifest } from '../store/manifest.ts';
import type { TextOptions } from '../store/read/dialect.ts';
import type { NwbPart } from '../store/read/nwb.ts';
import { openTable, type TableSource } from '../store/read/open.ts';
import type { TableFile } from '../store/read/table-file.ts';
import type { ColumnChunk, ColumnValues } from '../store/read/values.ts';
import { readRows } from '../store/read-table.ts';
import type { RecordedRun } from './pooled-runs.ts';

/** A table of recorded data: a file, a stream of bytes, the avalanche table of a run folder, or columns in memory. */
export interface DataSource {
  readonly name: string;
  readonly columns: readonly string[];
  /** The avalanches of a run folder. */
  readonly isRun: boolean;
  /** The runs that the avalanches of run folders are of. */
  readonly runs?: readonly RecordedRun[] | undefined;
  /** Those of dates and times, which are read as seconds since 1970. */
  readonly times?: ReadonlySet<string> | undefined;
  /** Columns that hold neither numbers, texts nor booleans, and what they hold. */
  readonly unreadable?: ReadonlyMap<string, string> | undefined;
  /** What was decided about the layout of a text that might have been decided otherwise, as sentences. */
  readonly notes?: readonly string[] | undefined;
  /** Once where the table comes from a stream. */
  chunks(names: readonly string[]): AsyncIterable<ColumnChunk>;
  close(): Promise<void>;
}

/** @throws ParameterError where it is none, such as the path of a file that is still to be opened: types say so, scripts without them don't */
export function checkSource(source: DataSource): void {
  const given: unknown = source;
  if (typeof (given as Partial<DataSource> | null | undefined)?.chunks === 'function') return;
  const what = typeof given === 'string' ? `'${given}'` : given instanceof Promise ? 'a promise' : String(given);
  throw new ParameterError(`source must be an open one, as of await openSource(path), got ${what}`);
}

const nothing = async (): Promise<void> => {};

async function ensemblesOf(
  folder: string,
  { tables, files }: Manifest,
  bring: (part: string) => Promise<void>,
): Promise<EnsembleRow[] | undefined> {
  const [part] = tables.ensemble?.parts ?? [];
  if (part === undefined) return undefined;
  await bring(part);
  await checkFiles(folder, files, [part]);
  return (await readRows(join(folder, part), 'ensemble')) as unknown as EnsembleRow[];
}

/**
 * @param bring is called before a part is read
 * @param drop is called when it has been read
 */
async function openRun(
  folder: string,
  bring: (part: string) => Promise<void> = nothing,
  drop: (part: string) => Promise<void> = nothing,
): Promise<DataSource> {
  const manifest = await readManifest(folder);
  const { status, tables, files, pipeline } = manifest;
  if (status === 'running') throw new StoreError(`the run in ${folder} is not finished: let it end, or resume it`);
  const parts = tables.avalanche?.parts;
  if (parts === undefined) {
    throw new StoreError(
      `the run in ${folder} has not recorded its avalanches: run ${pipeline} again with --record avalanche${files['fit.parquet'] === undefined ? '' : `, or see its own fits in ${join(folder, 'fit.parquet')}`}`,
    );
  }
  return {
    name: folder,
    columns: fieldNames('avalanche'),
    isRun: true,
    runs: [{ ...manifest, name: folder, ensembles: () => ensemblesOf(folder, manifest, bring) }],
    notes:
      status === 'partial'
        ? [`The run in ${folder} is partial: these are the avalanches that it had when it was interrupted.`]
        : [],
    async *chunks(names) {
      for (const part of parts) {
        await bring(part);
        await checkFiles(folder, files, [part]);
        const table = await openTable(join(folder, part));
        try {
          yield* table.chunks(names);
        } finally {
          await table.close();
          await drop(part);
        }
      }
    },
    close: async () => {},
  };
}

/** A run folder or a file in a bucket; of a run one part at a time is here. */
async function openInBucket(address: string, text: TextOptions): Promise<DataSource> {
  const { workingCopy } = await import('../store/s3/working-copy.ts');
  const run = await workingCopy(address);
  const isRun = (await run.bucket.head(manifestName)) !== undefined;
  if (!isRun) await run[Symbol.asyncDispose]();
  const copy = isRun ? run : await workingCopy(address.slice(0, address.lastIndexOf('/')));
  const file = join(copy.folder, isRun ? manifestName : basename(address));
  try {
    await copy.fetch([basename(file)]);
    if (!isRun && !existsSync(file)) throw new StoreError(`${address} is neither a run folder nor an object`);
    const drop = (path: string): Promise<void> => rm(join(copy.folder, path), { force: true });
    const source = isRun
      ? await openRun(copy.folder, (path) => copy.fetch([path]), drop)
      : tableSource(await openTable(file, text));
    return {
      ...source,
      name: address,
      runs: source.runs?.map((one) => ({ ...one, name: address })),
      async *chunks(names) {
        try {
          yield* source.chunks(names);
        } catch (error) {
          await copy.speaking(() => Promise.reject(error));
        }
      },
      notes: (source.notes ?? []).map((note) => note.replaceAll(copy.folder, address)),
      async close() {
        await source.close();
        await copy[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await copy[Symbol.asyncDispose]();
    return copy.speaking(() => Promise.reject(error));
  }
}

/**
 * Opens recorded data, to be closed by the caller.
 * @param from path of a file (Parquet, Arrow IPC, delimited text, JSON, .npy, HDF5), of a folder of such files or a pattern of them, or of a run folder, their address in a bucket, or a stream of bytes
 * @param text how a text is laid out, where that isn't to be found out
 * @throws StoreError where it can't be read or is not whole
 */
export async function openSource(from: TableSource, text: TextOptions = {}): Promise<DataSource> {
  if (typeof from === 'string' && isBucketAddress(from)) return openInBucket(folderName(from), text);
  if (typeof from === 'string' && existsSync(join(from, manifestName))) return openRun(from);
  return tableSource(await openTable(from, text));
}

const tableSource = (table: TableFile): DataSource => ({
  name: table.name,
  columns: table.columns,
  isRun: false,
  times: table.times,
  unreadable: table.unreadable,
  notes: table.notes,
  chunks: (names) => table.chunks(names),
  close: () => table.close(),
});

/**
 * Opens a part of an NWB file (Neurodata Without Borders 2), to be closed by the caller: the spike times of its units as columns `time` and `unit`, or
 * a TimeSeries by its path as columns `time`, `segment` (counted where timestamps have a gap) and `data`, or `data:1` and so on.
 * @throws StoreError where it can't be read, SchemaError where it has no such part
 */
export async function openNwb(path: string, part: NwbPart): Promise<DataSource> {
  const { nwbTable } = await import('../store/read/nwb.ts');
  return tableSource(await nwbTable(path, part));
}

/**
 * Columns in memory as a source.
 * @throws SchemaError where they differ in length
 */
export function columnsSource(columns: Readonly<Record<string, ColumnValues>>, name = 'memory'): DataSource {
  const lengths = Object.values(columns).map(({ length }) => length);
  const rows = lengths[0] ?? 0;
  if (lengths.some((length) => length !== rows)) {
    throw new SchemaError(`columns of ${name} must be of one length, got ${lengths.join(', ')}`);
  }
  return {
    name,
    columns: Object.keys(columns),
    isRun: false,
    async *chunks(names) {
      yield { rows, columns: Object.fromEntries(names.map((column) => [column, columns[column]!])) };
    },
    close: async () => {},
  };
}

/**
 * Several sources as one, row after row in their order: a table that was split into files. It has the columns that all of them have.
 * @throws ParameterError where there is none
 */
export function joinedSource(sources: readonly DataSource[]): DataSource {
  const [first] = sources;
  if (first === undefined) throw new ParameterError('joined sources must be one or more, got none');
  if (sources.length === 1) return first;
  const columns = first.columns.filter((column) => sources.every((source) => source.columns.includes(column)));
  return {
    name: `${first.name} and ${sources.length - 1} more`,
    columns,
    isRun: sources.every(({ isRun }) => isRun),
    runs: sources.flatMap(({ runs }) => runs ?? []),
    times: new Set(sources.flatMap(({ times }) => [...(times ?? [])])),
    unreadable: new Map(sources.flatMap(({ unreadable }) => [...(unreadable ?? [])])),
    notes: sources.flatMap(({ notes }) => notes ?? []),
    async *chunks(names) {
      for (const source of sources) yield* source.chunks(names);
    },
    async close() {
      for (const source of sources) await source.close();
    },
  };
}
