import type { Dataset, Entity, Group, File as Hdf5File } from 'h5wasm/node';
import { SchemaError, StoreError } from '../../error.ts';
import { closeHdf5, hdf5Reason, openHdf5 } from './hdf5-library.ts';
import type { TableFile } from './table-file.ts';
import type { ColumnValues } from './values.ts';

const chunkRows = 65_536;
const deepest = 16;

/** What is read of a file in the layout of Neurodata Without Borders 2 (doi:10.7554/eLife.78362, schema 2.x). */
export type NwbPart =
  /** The spike times of all units: columns `time` (seconds) and `unit`. */
  | 'units'
  /** A TimeSeries by its path: columns `time` and `segment` (a part without gaps), and its data. */
  | { readonly series: string };

const isDataset = (entity: Entity | undefined): entity is Dataset =>
  entity !== undefined && 'type' in entity && entity.type === 'Dataset';
const isGroup = (entity: Entity | undefined): entity is Group =>
  entity !== undefined && 'type' in entity && entity.type === 'Group';

/** A member of a group; undefined where there is none that can be read: a link to another file, or to nothing. */
function member(group: Group, name: string): Entity | undefined {
  if (!group.keys().includes(name)) return undefined;
  try {
    return group.get(name) ?? undefined;
  } catch {
    return undefined;
  }
}

function datasetOf(group: Group, name: string): Dataset | undefined {
  const found = member(group, name);
  return isDataset(found) ? found : undefined;
}

/** Groups that hold `data` with times of its own, by their paths. */
function* seriesOf(group: Group, path = '', depth = 0): Generator<string> {
  if (depth > deepest) return;
  const names = group.keys();
  if (names.includes('data') && (names.includes('starting_time') || names.includes('timestamps'))) yield path;
  for (const name of names) {
    const entity = member(group, name);
    if (isGroup(entity)) yield* seriesOf(entity, path === '' ? name : `${path}/${name}`, depth + 1);
  }
}

/** A dataset by its name, as messages have it. */
interface Named {
  readonly path: string;
  readonly name: string;
  readonly dataset: Dataset;
}

/** @param column of a dataset of two dimensions */
function numbers({ path, name, dataset }: Named, from: number, to: number, column?: number): Float64Array {
  try {
    const across: [number, number][] = column === undefined ? [] : [[column, column + 1]];
    const read = dataset.slice([[from, to], ...across]) as ArrayLike<number | bigint> | null;
    if (read === null || read.length === 0 || typeof read[0] === 'string') throw new Error('it holds no numbers');
    return Float64Array.from(read as ArrayLike<number>, Number);
  } catch (error) {
    throw new StoreError(`${path}: dataset '${name}' can't be read: ${hdf5Reason(error)}`, { cause: error });
  }
}

const allNumbers = (named: Named): Float64Array => numbers(named, 0, lengthOf(named.dataset));

const lengthOf = (dataset: Dataset): number => dataset.shape?.[0] ?? 0;

function attribute(dataset: Dataset, name: string): number | undefined {
  const value = dataset.attrs[name]?.value;
  const found = ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<number>)[0] : value;
  return typeof found === 'number' || typeof found === 'bigint' ? Number(found) : undefined;
}

/** A table of an open file, whose rows are read when they are asked for. */
function tableOf(
  file: Hdf5File,
  {
    rows,
    read,
    ...table
  }: Pick<TableFile, 'name' | 'columns'> & {
    readonly rows: number;
    readonly read: (column: string, from: number, to: number) => ColumnValues;
  },
): TableFile {
  return {
    ...table,
    notes: [],
    async *chunks(names) {
      for (let from = 0; from < rows; from += chunkRows) {
        const to = Math.min(rows, from + chunkRows);
        yield { rows: to - from, columns: Object.fromEntries(names.map((column) => [column, read(column, from, to)])) };
      }
    },
    async close() {
      closeHdf5(file);
    },
  };
}

function unitsTable(file: Hdf5File, path: string): TableFile {
  const units = member(file, 'units');
  const group = isGroup(units) ? units : undefined;
  const times = group && datasetOf(group, 'spike_times');
  const index = group && datasetOf(group, 'spike_times_index');
  if (group === undefined || times === undefined || index === undefined) {
    const series = [...seriesOf(file)].join(', ');
    throw new SchemaError(
      `${path} has no spike times of units (units/spike_times, units/spike_times_index); its time series are ${series || 'none'}`,
    );
  }
  const ends = allNumbers({ path, name: 'units/spike_times_index', dataset: index });
  const ids = datasetOf(group, 'id');
  const names = ids === undefined ? ends.map((_, i) => i) : allNumbers({ path, name: 'units/id', dataset: ids });
  const rows = lengthOf(times);
  if (ends.some((end, i) => end < (i === 0 ? 0 : ends[i - 1]!)) || (ends.at(-1) ?? 0) !== rows) {
    throw new StoreError(`${path}: units/spike_times_index must rise to the ${rows} spike times, got ${ends.at(-1)}`);
  }
  function unitsIn(from: number, to: number): Float64Array {
    const unit = new Float64Array(to - from);
    ends.forEach((end, u) => {
      const start = u === 0 ? 0 : ends[u - 1]!;
      if (end > from && start < to) unit.fill(names[u]!, Math.max(0, start - from), Math.min(to, end) - from);
    });
    return unit;
  }
  const spikes = { path, name: 'units/spike_times', dataset: times };
  return tableOf(file, {
    name: path,
    columns: ['time', 'unit'],
    rows,
    read: (column, from, to) => (column === 'time' ? numbers(spikes, from, to) : unitsIn(from, to)),
  });
}

/** Times of rows, and which part without gaps each is in. */
interface Clock {
  time(from: number, to: number): Float64Array;
  segment(from: number, to: number): Float64Array;
}

/** Timestamps further apart than this many usual intervals have a gap between them. */
const gap = 1.5;

function clockOf(group: Group, path: string, series: string, rows: number): Clock {
  const stamps = datasetOf(group, 'timestamps');
  if (stamps === undefined) {
    const start = datasetOf(group, 'starting_time');
    const rate = start && attribute(start, 'rate');
    if (start === undefined || rate === undefined || !(rate > 0)) {
      throw new SchemaError(`${path}: '${series}' must have timestamps, or a starting_time with a rate above 0`);
    }
    const begin = Number(start.value);
    return {
      time: (from, to) => Float64Array.from({ length: to - from }, (_, i) => begin + (from + i) / rate),
      segment: (from, to) => new Float64Array(to - from),
    };
  }
  if (lengthOf(stamps) !== rows) {
    throw new StoreError(`${path}: '${series}' has ${rows} rows of data and ${lengthOf(stamps)} timestamps`);
  }
  const timestamps = { path, name: `${series}/timestamps`, dataset: stamps };
  const first = numbers(timestamps, 0, Math.min(rows, chunkRows));
  const intervals = first
    .subarray(1)
    .map((t, i) => t - first[i]!)
    .sort();
  const usual = intervals[intervals.length >> 1] ?? 0;
  // Where each segment begins, found once.
  const begins: number[] = [];
  let before = Number.NaN;
  for (let from = 0; from < rows; from += chunkRows) {
    const times = from === 0 ? first : numbers(timestamps, from, Math.min(rows, from + chunkRows));
    times.forEach((t, i) => {
      const step = t - before;
      if (step > gap * usual || step <= 0) begins.push(from + i);
      before = t;
    });
  }
  return {
    time: (from, to) => numbers(timestamps, from, to),
    segment(from, to) {
      const segment = new Float64Array(to - from);
      let at = 0;
      for (let row = from; row < to; row++) {
        while (at < begins.length && begins[at]! <= row) at++;
        segment[row - from] = at;
      }
      return segment;
    },
  };
}

function seriesTable(file: Hdf5File, path: string, asked: string): TableFile {
  const series = asked.replace(/^\/+|\/+$/g, '');
  const known = [...seriesOf(file)];
  if (!known.includes(series)) {
    throw new SchemaError(`${path} has no time series '${asked}'; its time series are ${known.join(', ') || 'none'}`);
  }
  const group = file.get(series) as Group;
  const data = datasetOf(group, 'data')!;
  const shape = data.shape ?? [];
  const [rows, width = 1] = shape;
  if (rows === undefined || shape.length > 2) {
    throw new SchemaError(`${path}: the data of '${series}' must have one or two dimensions, got ${shape.length}`);
  }
  // Stored numbers times conversion plus offset are in the unit that the file states.
  const [conversion, offset] = [attribute(data, 'conversion') ?? 1, attribute(data, 'offset') ?? 0];
  const clock = clockOf(group, path, series, rows);
  const stored = { path, name: `${series}/data`, dataset: data };
  const channels = shape.length === 1 ? ['data'] : Array.from({ length: width }, (_, c) => `data:${c + 1}`);
  const read = (column: string, from: number, to: number): Float64Array => {
    if (column === 'time') return clock.time(from, to);
    if (column === 'segment') return clock.segment(from, to);
    const channel = shape.length === 1 ? undefined : channels.indexOf(column);
    return numbers(stored, from, to, channel).map((x) => x * conversion + offset);
  };
  return tableOf(file, { name: path, columns: [...channels, 'time', 'segment'], rows, read });
}

/**
 * Opens a part of an NWB file (Neurodata Without Borders, version 2) as a table.
 * @throws StoreError where it can't be read, SchemaError where it has no such part, naming those it has
 */
export async function nwbTable(path: string, part: NwbPart): Promise<TableFile> {
  const file = await openHdf5(path);
  try {
    return part === 'units' ? unitsTable(file, path) : seriesTable(file, path, part.series);
  } catch (error) {
    closeHdf5(file);
    if (error instanceof SchemaError || error instanceof StoreError) throw error;
    throw new StoreError(`${path} can't be read as HDF5: ${hdf5Reason(error)}`, { cause: error });
  }
}
