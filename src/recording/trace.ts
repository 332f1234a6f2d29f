import type { BlockedStatistics } from '../crackling/reducer.ts';
import { ParameterError } from '../error.ts';
import { collectAvalanches } from './analysis.ts';
import { binEvents } from './events.ts';
import { type BranchingEstimates, followRecording, type RecordingTally } from './follow.ts';
import type { Threshold, TraceValues } from './parameters.ts';
import { parseCondition, type RowCounts, readRows } from './rows.ts';
import type { DataSource } from './source.ts';

/** Avalanches that were found in a recorded trace. */
export interface TraceAvalanches {
  readonly column: string;
  readonly threshold: number;
  readonly above: boolean;
  readonly size: 'signal' | 'excess';
  /** Width of the time bins that events were counted in. */
  readonly timeBin: number | undefined;
  readonly tally: RecordingTally;
  readonly branching: BranchingEstimates;
  readonly blocked: BlockedStatistics;
  readonly discreteSize: boolean;
}

interface Piece {
  readonly signal: Float64Array;
  readonly trial: ArrayLike<unknown> | undefined;
}

async function* piecesOf(source: DataSource, column: string, values: TraceValues): AsyncGenerator<Piece> {
  const counts: RowCounts = { read: 0, kept: 0, censored: 0 };
  let seen = 0;
  const where = values.where.map(parseCondition);
  for await (const { columns, asTheyAre } of readRows(source, [column], { where, asTheyAre: values.trial }, counts)) {
    const signal = columns[column]!;
    if (!values.skipMissing) {
      const at = signal.findIndex((x) => x - x !== 0);
      if (at >= 0) {
        throw new ParameterError(
          `column '${column}' must hold finite numbers, row ${seen + at + 1} is missing, NaN or infinite`,
          { remedy: { option: 'skipMissing' } },
        );
      }
    }
    seen += signal.length;
    yield { signal, trial: asTheyAre };
  }
  if (seen === 0) throw new ParameterError(`a trace needs rows, ${source.name} has none that hold the conditions`);
}

/** All pieces, held in memory to be gone through again. */
async function held(pieces: AsyncIterable<Piece>): Promise<Piece[]> {
  const list: Piece[] = [];
  for await (const piece of pieces) list.push(piece);
  return list;
}

function finiteValues(pieces: readonly Piece[]): Float64Array {
  const values = new Float64Array(pieces.reduce((sum, { signal }) => sum + signal.length, 0));
  let n = 0;
  for (const { signal } of pieces) for (const x of signal) if (x - x === 0) values[n++] = x;
  return values.subarray(0, n);
}

/** The share q of values below it, linear between neighbours. */
function quantile(values: Float64Array, q: number): number {
  const sorted = values.sort();
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!];
  return a + (at - low) * (b - a);
}

function thresholdOf(asked: Exclude<Threshold, number>, pieces: readonly Piece[]): number {
  const values = finiteValues(pieces);
  if (values.length === 0) throw new ParameterError(`threshold can't be found: the trace has no finite value`);
  if (asked === 'mean') return values.reduce((sum, x) => sum + x, 0) / values.length;
  return quantile(values, asked === 'median' ? 0.5 : asked.quantile);
}

/** Mean interval between events. */
function meanInterval(pieces: readonly Piece[], column: string): number {
  const times = finiteValues(pieces);
  const width = (times[times.length - 1]! - times[0]!) / (times.length - 1);
  if (!(width > 0)) throw new ParameterError(`time-bin mean needs events at ascending times in column '${column}'`);
  return width;
}

/** Why no avalanche has a known extent. */
function whyNone(tally: RecordingTally, threshold: number, { above }: TraceValues): ParameterError {
  const where = `threshold ${Number(threshold.toPrecision(6))}`;
  const side = above ? 'above' : 'at or above';
  if (tally.rowsInside === 0) return new ParameterError(`no row of the trace is ${side} the ${where}: lower it`);
  if (tally.rowsInside === tally.rows) {
    return new ParameterError(
      `every row of the trace is ${side} the ${where}: raise it`,
      above ? {} : { remedy: { option: 'above' } },
    );
  }
  return new ParameterError(
    `all ${tally.censored} avalanches of the trace touch a gap or one of its ends: none has a known extent`,
  );
}

/**
 * Finds the avalanches of a recorded trace, in one pass over the table; where the threshold or the time bin is to be found in the trace itself, it
 * is held in memory (8 bytes a row).
 * @throws ParameterError where there is none
 */
export async function traceAvalanches(
  source: DataSource,
  column: string,
  values: TraceValues,
): Promise<TraceAvalanches> {
  const asked = values.threshold ?? (values.timeBin === undefined ? undefined : 1);
  if (asked === undefined) throw new ParameterError('threshold must be given: a number, median, mean or quantile:q');
  let pieces: AsyncIterable<Piece> | Piece[] = piecesOf(source, column, values);
  let timeBin: number | undefined;
  if (values.timeBin !== undefined) {
    if (values.timeBin === 'mean') pieces = await held(pieces);
    timeBin = values.timeBin === 'mean' ? meanInterval(pieces as Piece[], column) : values.timeBin;
    pieces = binEvents(pieces, timeBin, column);
  }
  let threshold = Number.NaN;
  if (typeof asked === 'number') threshold = asked;
  else {
    pieces = await held(pieces as AsyncIterable<Piece>);
    threshold = thresholdOf(asked, pieces);
  }
  const { profilePoints, above, size } = values;
  const recording = followRecording({
    threshold,
    above,
    size,
    profilePoints,
  });
  const collection = collectAvalanches({ profilePoints, discreteSize: values.discrete, blocks: values.blocks });
  for await (const { signal, trial } of pieces) collection.add(recording.step(signal, trial));
  collection.add(recording.finish());
  const { tally } = recording;
  if (tally.valid === 0) throw whyNone(tally, threshold, values);
  return { column, threshold, above, size, timeBin, tally, branching: recording.branching(), ...collection.finish() };
}
