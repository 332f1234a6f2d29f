import { readdir } from 'node:fs/promises';
import { join, normalize, relative, sep } from 'node:path';
import { SchemaError, StoreError } from '../../error.ts';
import { isFolder, storeError } from '../file.ts';
import { manifestName } from '../folder.ts';
import type { TableFile } from './table-file.ts';
import type { ColumnValues } from './values.ts';

const tableEnding =
  /(\.(?:parquet|arrows?|feather|ipc|csv|tsv|txt|dat|json|jsonl|ndjson|npy|h5|hdf5|mat))(?:\.gz|\.zst)?$/i;
const wildcard = /[*?]/;
const anyFolders = '**';

/** The folders of a path that no wildcard is in: all of it where it is the path of a folder. */
export function fixedPart(path: string): string {
  const parts = path.split(sep);
  const first = parts.findIndex((part) => wildcard.test(part));
  if (first < 0) return path;
  const fixed = parts.slice(0, first).join(sep);
  return fixed === '' ? (path.startsWith(sep) ? sep : '.') : fixed;
}

/** Plain files below a folder, deepest names in order; hidden ones and those of other programs' bookkeeping (`_SUCCESS`) are left out. */
async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw storeError('read', folder, error);
  });
  const files: string[] = [];
  for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (/^[._]/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(path))))
      files.push(...(await filesBelow(path)));
    else files.push(path);
  }
  return files;
}

/** One star and a question mark stand for letters of one name, two stars for any folders between. */
function patternOf(pattern: string): RegExp {
  const escaped = pattern
    .split(sep)
    .map((part) =>
      part === anyFolders
        ? part
        : part
            .replace(/[.+^${}()|[\]\\]/g, '\\$&')
            .replace(/\*+/g, '[^/]*')
            .replace(/\?/g, '[^/]'),
    )
    .join('/')
    .replace(/\*\*\//g, '(?:.*/)?')
    .replace(/\*\*$/, '.*');
  return new RegExp(`^${escaped}$`);
}

/**
 * The files of a folder of tables, or behind a pattern, in the order of their names.
 * @throws StoreError where there are none, or tables of several kinds, or the folder is that of a run
 */
export async function tableFiles(path: string): Promise<string[]> {
  if (wildcard.test(path)) {
    const matches = patternOf(normalize(path));
    const found = (await filesBelow(fixedPart(path))).filter((file) => matches.test(file));
    if (found.length === 0) throw new StoreError(`no file is like ${path}`);
    return found;
  }
  const all = await filesBelow(path);
  if (all.includes(join(path, manifestName))) {
    throw new StoreError(
      `${path} is a run folder: openRun reads its tables; a recorded one is a folder of its own in it`,
    );
  }
  const files = all.filter((file) => tableEnding.test(file));
  const kinds = [...new Set(files.map((file) => tableEnding.exec(file)![1]!.toLowerCase()))];
  if (kinds.length === 0) throw new StoreError(`${path} is a folder without tables: give a file`);
  if (kinds.length > 1) {
    const example = join(path, anyFolders, `*${kinds[0]}`);
    throw new StoreError(
      `${path} holds tables of several kinds (${kinds.join(', ')}): say which by a pattern, such as '${example}'`,
    );
  }
  return files;
}

/** What the folders of a path say of all rows in a file, as Hive, Spark and pandas write it: `run=1/day=2026-01-01/part.parquet`. */
function partitionsOf(path: string): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const part of path.split(sep).slice(0, -1)) {
    const match = /^([^=]+)=(.*)$/.exec(part);
    if (match === null) continue;
    const value = match[2]!;
    found.set(match[1]!, value === '__HIVE_DEFAULT_PARTITION__' ? null : decoded(value));
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isNumber = (text: string | null): boolean => text === null || /^-?\d+(\.\d+)?$/.test(text);

function repeated(value: string | null, numeric: boolean, rows: number): ColumnValues {
  if (numeric) return new Float64Array(rows).fill(value === null ? Number.NaN : Number(value));
  return new Array<string | null>(rows).fill(value);
}

/**
 * Several files as one table, row after row in their order. It has the columns that all of them have and those that the names of their folders
 * give (`run=1`): numbers where all of these are, else texts. One file is open at a time.
 * @param base folder that the files lie in: names of folders above it give no columns
 * @throws StoreError where one can't be read, SchemaError where they have no column in common
 */
export async function filesTable(
  name: string,
  files: readonly string[],
  base: string,
  open: (path: string) => Promise<TableFile>,
): Promise<TableFile> {
  const partitions = files.map((file) => partitionsOf(relative(base, file)));
  let columns: string[] | undefined;
  const unreadable = new Map<string, string>();
  const times = new Set<string>();
  const notes = new Set<string>();
  for (const file of files) {
    const table = await open(file);
    await table.close();
    columns = columns?.filter((column) => table.columns.includes(column)) ?? [...table.columns];
    for (const [column, what] of table.unreadable ?? []) unreadable.set(column, what);
    for (const column of table.times ?? []) times.add(column);
    for (const note of table.notes ?? []) notes.add(note);
  }
  const own = columns ?? [];
  const given = [...(partitions[0]?.keys() ?? [])].filter(
    (column) => !own.includes(column) && partitions.every((each) => each.has(column)),
  );
  if (own.length === 0) throw new SchemaError(`the files of ${name} have no column in common`);
  const numeric = new Set(given.filter((column) => partitions.every((each) => isNumber(each.get(column)!))));
  return {
    name,
    columns: [...own, ...given],
    times,
    unreadable,
    notes: [...notes],
    async *chunks(names) {
      const read = names.filter((column) => own.includes(column));
      for (const [i, file] of files.entries()) {
        const table = await open(file);
        try {
          // A column of theirs says how many rows there are, where only those of folders are asked for.
          for await (const { rows, columns: found } of table.chunks(read.length > 0 ? read : own.slice(0, 1))) {
            const all = names.map((column): [string, ColumnValues] => [
              column,
              found[column] ?? repeated(partitions[i]!.get(column)!, numeric.has(column), rows),
            ]);
            yield { rows, columns: Object.fromEntries(all) };
          }
        } finally {
          await table.close();
        }
      }
    },
    close: async () => {},
  };
}
