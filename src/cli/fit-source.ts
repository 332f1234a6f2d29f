import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../error.ts';
import { fieldNames } from '../schema/table.ts';
import { readManifest } from '../store/folder.ts';
import { openTable } from '../store/read/open.ts';
import type { ColumnChunk } from '../store/read/values.ts';

/** A table to be fitted: a file, standard input, or the avalanche table of a run folder. */
export interface FitSource {
  readonly name: string;
  readonly columns: readonly string[];
  /** The avalanches of a run folder. */
  readonly isRun: boolean;
  /** Once where the table comes from standard input. */
  chunks(names: readonly string[]): AsyncIterable<ColumnChunk>;
  close(): Promise<void>;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function openRun(folder: string): Promise<FitSource> {
  const { status, tables, pipeline } = await readManifest(folder);
  if (status === 'running') throw new StoreError(`the run in ${folder} is not finished: let it end, or resume it`);
  const parts = tables.avalanche?.parts;
  if (parts === undefined) {
    throw new StoreError(
      `the run in ${folder} has not recorded its avalanches: run ${pipeline} again with --record avalanche, or see its own fits in ${join(folder, 'fit.parquet')}`,
    );
  }
  return {
    name: folder,
    columns: fieldNames('avalanche'),
    isRun: true,
    async *chunks(names) {
      for (const part of parts) {
        const table = await openTable(join(folder, part));
        try {
          yield* table.chunks(names);
        } finally {
          await table.close();
        }
      }
    },
    close: async () => {},
  };
}

/**
 * @param path of a file or a run folder, or `-` for standard input
 * @throws StoreError where it can't be read or is not whole
 */
export async function openSource(path: string): Promise<FitSource> {
  if (path !== '-' && (await isFolder(path))) return openRun(path);
  const table = await openTable(path === '-' ? process.stdin : path);
  return {
    name: table.name,
    columns: table.columns,
    isRun: false,
    chunks: (names) => table.chunks(names),
    close: () => table.close(),
  };
}
