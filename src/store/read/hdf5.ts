import type { Dataset, Group } from 'h5wasm/node';
import { StoreError } from '../../error.ts';
import { closeHdf5, hdf5Reason, openHdf5 } from './hdf5-library.ts';
import type { TableFile } from './table-file.ts';
import { type ColumnValues, columnValues } from './values.ts';

const chunkRows = 65_536;
const deepest = 32;

/** A column: one dataset, or one line of a dataset of two dimensions. */
interface Column {
  readonly dataset: Dataset;
  readonly rows: number;
  /** Dimension that rows run along, and the position in the other one. */
  readonly along: 0 | 1;
  readonly at: number | undefined;
}

/** All datasets below a group by path, and why some can't be read; hard links may form circles, hence the limit. */
function* datasets(group: Group, path: string, depth = 0): Generator<[string, Dataset | string]> {
  if (depth > deepest) return;
  for (const name of group.keys()) {
    const below = path === '' ? name : `${path}/${name}`;
    let entity: ReturnType<Group['get']>;
    try {
      entity = group.get(name);
    } catch (error) {
      // A link to another file, or to nothing, spoils no other dataset.
      yield [below, `what can't be read (${hdf5Reason(error)})`];
      continue;
    }
    if (entity === null || !('type' in entity)) continue;
    if (entity.type === 'Dataset') yield [below, entity as Dataset];
    else if (entity.type === 'Group') yield* datasets(entity as Group, below, depth + 1);
  }
}

const plain = /^[<>|=]?(?:[bBhHiIqQfdl]|[fiu]\d)$/i;

/** The columns of a dataset, or what it holds instead. */
function columnsOf(path: string, dataset: Dataset): [string, Column][] | string {
  const shape = dataset.shape ?? [];
  if (typeof dataset.dtype !== 'string' || !plain.test(dataset.dtype)) {
    return typeof dataset.dtype === 'string' && /S/.test(dataset.dtype) ? 'texts' : 'records';
  }
  if (shape.length === 1) return [[path, { dataset, rows: shape[0]!, along: 0, at: undefined }]];
  if (shape.length !== 2) return shape.length === 0 ? 'a single value' : `an array of ${shape.length} dimensions`;
  // MATLAB writes the last dimension first.
  const along = 'MATLAB_class' in dataset.attrs || shape[0] === 1 ? 1 : 0;
  const width = shape[1 - along]!;
  return Array.from({ length: Math.min(width, 4096) }, (_, at): [string, Column] => [
    width === 1 ? path : `${path}:${at + 1}`,
    { dataset, rows: shape[along]!, along, at },
  ]);
}

/**
 * Opens an HDF5 file (also MATLAB 7.3): its columns are its numeric datasets by path, `path:1` and so on where they have two dimensions. Columns that are
 * read together must be of one length.
 * @throws StoreError where it isn't whole, BackendError where its package isn't there
 */
export async function hdf5File(path: string): Promise<TableFile> {
  const file = await openHdf5(path);
  const columns = new Map<string, Column>();
  const unreadable = new Map<string, string>();
  let isNwb = false;
  try {
    isNwb = 'nwb_version' in file.attrs;
    for (const [name, dataset] of datasets(file, '')) {
      const found = typeof dataset === 'string' ? dataset : columnsOf(name, dataset);
      if (typeof found === 'string') unreadable.set(name, found);
      else for (const [column, where] of found) columns.set(column, where);
    }
  } catch (error) {
    closeHdf5(file);
    throw new StoreError(`${path} can't be read as HDF5: ${hdf5Reason(error)}`, { cause: error });
  }
  const read = (name: string, { dataset, along, at }: Column, from: number, to: number): ColumnValues => {
    const across: [number, number][] = at === undefined ? [] : [[at, at + 1]];
    let values: ColumnValues | undefined;
    let why = 'it is damaged';
    try {
      const found = dataset.slice(along === 0 ? [[from, to], ...across] : [...across, [from, to]]);
      values = columnValues((found ?? []) as ArrayLike<unknown>);
    } catch (error) {
      why = hdf5Reason(error);
    }
    if (values === undefined || values.length !== to - from) {
      throw new StoreError(`${path}: dataset '${name}' can't be read: ${why}`);
    }
    return values;
  };
  return {
    name: path,
    columns: [...columns.keys()],
    unreadable,
    notes: isNwb
      ? [`${path} is an NWB file: its spikes and time series are best read as such (--units, --series).`]
      : [],
    async *chunks(names) {
      const wanted = names.map((name) => columns.get(name)!);
      const rows = wanted[0]?.rows ?? 0;
      const other = wanted.findIndex((column) => column.rows !== rows);
      if (other >= 0) {
        throw new StoreError(
          `${path}: '${names[0]}' has ${rows} values, '${names[other]}' ${wanted[other]!.rows}: columns that are read together must be of one length`,
        );
      }
      for (let from = 0; from < rows; from += chunkRows) {
        const to = Math.min(rows, from + chunkRows);
        const chunk: Record<string, ColumnValues> = {};
        for (const [i, column] of wanted.entries()) chunk[names[i]!] = read(names[i]!, column, from, to);
        yield { rows: to - from, columns: chunk };
      }
    },
    async close() {
      closeHdf5(file);
    },
  };
}
