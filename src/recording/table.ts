import type { AvalancheColumns } from '../avalanche/avalanche-rows.ts';
import type { BlockedStatistics } from '../crackling/reducer.ts';
import { ParameterError } from '../error.ts';
import { createStream, type RandomStream } from '../numeric/random.ts';
import { type Collection, collectAvalanches } from './analysis.ts';
import { type DurationSteps, durationSteps } from './duration-steps.ts';
import { guardEnsembles } from './ensembles.ts';
import type { AvalancheValues } from './parameters.ts';
import { parseCondition, type RowCounts, readRows } from './rows.ts';
import type { DataSource } from './source.ts';

/** Avalanches that were read from a table. */
export interface TableAvalanches {
  readonly size: string;
  readonly duration: string;
  /** Column that the jackknife blocks follow; undefined where they are stretches of rows. */
  readonly blockBy: string | undefined;
  readonly counts: RowCounts;
  readonly blocked: BlockedStatistics;
  readonly discreteSize: boolean;
  /** What sizes are counted in, in the statistics. */
  readonly sizeStep: number;
  /** What durations are multiples of, the time step in the unit of the table; the statistics have them in steps. */
  readonly durationStep: number;
}

function columnsOf(size: Float64Array, duration: Int32Array): AvalancheColumns {
  const { length } = duration;
  return {
    length,
    perturbation: new BigInt64Array(length),
    start: new Int32Array(length),
    duration,
    // What a table calls its size is taken for both.
    size,
    signalSize: size,
    peak: new Float64Array(length),
    censored: new Uint8Array(length),
    profile: new Float32Array(0),
  };
}

/** Names these draws among the keys of random streams. */
const blockDraws = 0x636f7079;

/** Avalanches that are copied at most at once. */
const copied = 65_536;

/** Rows of a table as they were read, durations in its unit. */
interface ReadRows {
  readonly size: Float64Array;
  readonly duration: Float64Array;
  readonly key: Float64Array | undefined;
  readonly count: Float64Array | undefined;
}

/**
 * Every row as often as it is there, in pieces. Rows that stand for many have no order in time: without a key of their own, each copy goes
 * to a jackknife block by chance.
 * @throws ParameterError for a count that is no whole number
 */
function* repeated(
  { size, duration, key }: { size: Float64Array; duration: Int32Array; key: Float64Array | undefined },
  count: Float64Array,
  stream: RandomStream,
): Generator<{ size: Float64Array; duration: Int32Array; key: Float64Array }> {
  const open = () => ({
    size: new Float64Array(copied),
    duration: new Int32Array(copied),
    key: new Float64Array(copied),
  });
  let piece = open();
  let filled = 0;
  for (let i = 0; i < size.length; i++) {
    const times = count[i]!;
    if (!(Number.isInteger(times) && times >= 0)) {
      throw new ParameterError(`counts must be whole numbers, got ${times}`);
    }
    for (let copy = 0; copy < times; copy++) {
      piece.size[filled] = size[i]!;
      piece.duration[filled] = duration[i]!;
      piece.key[filled++] = key === undefined ? stream.nextUint32() : key[i]!;
      if (filled < copied) continue;
      yield piece;
      piece = open();
      filled = 0;
    }
  }
  const { size: s, duration: d, key: k } = piece;
  yield { size: s.subarray(0, filled), duration: d.subarray(0, filled), key: k.subarray(0, filled) };
}

/** The rows whose size and duration are known. */
function known({ size, duration, key, count }: ReadRows): ReadRows {
  const whole = (i: number): boolean => size[i]! - size[i]! === 0 && duration[i]! - duration[i]! === 0;
  const keep = (values: Float64Array): Float64Array => values.filter((_, i) => whole(i));
  return { size: keep(size), duration: keep(duration), key: key && keep(key), count: count && keep(count) };
}

/** Takes rows into a collection once the time step of their durations is known. */
function taking(collection: Collection, durationName: string, steps: DurationSteps) {
  const stream = createStream(1, blockDraws);
  let waiting: ReadRows[] = [];
  function take({ size, duration, key, count }: ReadRows): void {
    const inSteps = steps.of(duration, durationName);
    if (count === undefined) collection.add(columnsOf(size, inSteps), key);
    else {
      for (const part of repeated({ size, duration: inSteps, key }, count, stream)) {
        collection.add(columnsOf(part.size, part.duration), part.key);
      }
    }
  }
  function release(): void {
    for (const rows of waiting) take(rows);
    waiting = [];
  }
  return {
    add(rows: ReadRows): void {
      if (steps.known) take(rows);
      else {
        waiting.push(rows);
        if (steps.see(rows.duration, rows.count)) release();
      }
    },
    finish: release,
  };
}

/**
 * Reads avalanches from a table.
 * @throws ParameterError for sizes that are not finite (unless they are skipped), and durations that are not positive or no multiples of one step
 */
export async function tableAvalanches(source: DataSource, values: AvalancheValues): Promise<TableAvalanches> {
  const [sizeName, durationName] = values.avalanches;
  const blockBy = values.blockBy ?? (source.isRun ? 'network' : undefined);
  const where = values.where.map(parseCondition);
  const { countColumn } = values;
  const counts: RowCounts = { read: 0, kept: 0, censored: 0 };
  const ensembles = await guardEnsembles(source, where);
  const collection = collectAvalanches({ profilePoints: 0, discreteSize: values.discrete, blocks: values.blocks });
  // Durations of a run are numbers of layers.
  const steps = durationSteps(source.isRun ? 1 : undefined);
  const rows = taking(collection, durationName, steps);
  const wanted = [sizeName, durationName, ...ensembles.names, ...(countColumn === undefined ? [] : [countColumn])];
  const keys = blockKeys(blockBy ?? '');
  for await (const { columns, asTheyAre } of readRows(source, wanted, { where, asTheyAre: blockBy }, counts)) {
    ensembles.check(columns);
    const all: ReadRows = {
      size: columns[sizeName]!,
      duration: columns[durationName]!,
      key: asTheyAre === undefined ? undefined : keys(asTheyAre),
      count: countColumn === undefined ? undefined : columns[countColumn]!,
    };
    const read = values.skipMissing ? known(all) : all;
    checkRows(read, sizeName);
    rows.add(read);
  }
  rows.finish();
  return {
    size: sizeName,
    duration: durationName,
    blockBy,
    counts,
    durationStep: steps.step(),
    ...collection.finish(),
  };
}

function checkRows({ size }: ReadRows, sizeName: string): void {
  const bad = size.findIndex((x) => x - x !== 0);
  if (bad < 0) return;
  throw new ParameterError(`column '${sizeName}' must hold finite numbers, got ${size[bad]}`, {
    remedy: { option: 'skipMissing' },
  });
}

/**
 * Makes numbers of the names of what is independent: integers are their own, texts and flags are counted as they first come.
 * @throws ParameterError for anything else, naming the column
 */
export function blockKeys(column: string): (names: ArrayLike<unknown>) => Float64Array {
  const known = new Map<unknown, number>();
  return (names) =>
    Float64Array.from(names, (name) => {
      if (typeof name === 'number' || typeof name === 'bigint') {
        if (Number.isInteger(Number(name))) return Number(name);
      } else if (typeof name === 'string' || typeof name === 'boolean') {
        const key = known.get(name) ?? known.size;
        known.set(name, key);
        return key;
      }
      throw new ParameterError(`block-by: column '${column}' must hold integers or names, got ${name ?? 'no value'}`);
    });
}
