import type { BlockedStatistics } from '../crackling/reducer.ts';
import { ParameterError } from '../error.ts';
import { collectAvalanches } from '../recording/analysis.ts';
import { type BranchingEstimates, followRecording, type RecordingTally } from '../recording/follow.ts';
import { plainNumber } from '../report/quantity.ts';
import { binEvents } from './fit-events.ts';
import type { FitFlags } from './fit-flags.ts';
import { type RowCounts, readRows } from './fit-rows.ts';
import type { FitSource } from './fit-source.ts';

/** Avalanches that were found in a recorded trace. */
export interface TraceAvalanches {
  readonly column: string;
  readonly threshold: number;
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

async function* piecesOf(source: FitSource, column: string, flags: FitFlags): AsyncGenerator<Piece> {
  const counts: RowCounts = { read: 0, kept: 0, censored: 0 };
  let seen = 0;
  for await (const { columns, asTheyAre } of readRows(
    source,
    [column],
    { where: flags.where, asTheyAre: flags.trial },
    counts,
  )) {
    const signal = columns[column]!;
    if (flags.skipMissing !== true) {
      const at = signal.findIndex((x) => x - x !== 0);
      if (at >= 0) {
        throw new ParameterError(
          `column '${column}' must hold finite numbers, row ${seen + at + 1} is missing, NaN or infinite (--skip-missing takes such rows for gaps)`,
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

function thresholdOf(asked: Exclude<FitFlags['threshold'], number | undefined>, pieces: readonly Piece[]): number {
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

function none(tally: RecordingTally, threshold: number, flags: FitFlags): ParameterError {
  const where = `threshold ${plainNumber(threshold)}`;
  const side = flags.above === true ? 'above' : 'at or above';
  if (tally.rowsInside === 0) return new ParameterError(`no row of the trace is ${side} the ${where}: lower it`);
  if (tally.rowsInside === tally.rows) {
    const hint =
      flags.above === true ? 'raise it' : 'raise it, or take --above so that rows at the threshold are outside';
    return new ParameterError(`every row of the trace is ${side} the ${where}: ${hint}`);
  }
  return new ParameterError(
    `all ${tally.censored} avalanches of the trace touch a gap or one of its ends: none has a known extent`,
  );
}

/**
 * Finds the avalanches of a recorded trace. In one pass over the table; where the threshold or the time bin is to be found in the trace itself, it is
 * held in memory (8 bytes a row).
 * @throws ParameterError where there is none
 */
export async function traceAvalanches(source: FitSource, column: string, flags: FitFlags): Promise<TraceAvalanches> {
  const asked = flags.threshold ?? (flags.timeBin === undefined ? undefined : 1);
  if (asked === undefined) throw new ParameterError('threshold must be given: a number, median, mean or quantile:q');
  let pieces: AsyncIterable<Piece> | Piece[] = piecesOf(source, column, flags);
  let timeBin: number | undefined;
  if (flags.timeBin !== undefined) {
    if (flags.timeBin === 'mean') pieces = await held(pieces);
    timeBin = flags.timeBin === 'mean' ? meanInterval(pieces as Piece[], column) : flags.timeBin;
    pieces = binEvents(pieces, timeBin, column);
  }
  let threshold = Number.NaN;
  if (typeof asked === 'number') threshold = asked;
  else {
    pieces = await held(pieces as AsyncIterable<Piece>);
    threshold = thresholdOf(asked, pieces);
  }
  const { profilePoints } = flags;
  const recording = followRecording({
    threshold,
    above: flags.above === true,
    size: flags.size ?? 'signal',
    profilePoints,
  });
  const collection = collectAvalanches({ profilePoints, discreteSize: flags.discrete, blocks: flags.blocks });
  for await (const { signal, trial } of pieces) collection.add(recording.step(signal, trial));
  collection.add(recording.finish());
  const { tally } = recording;
  if (tally.valid === 0) throw none(tally, threshold, flags);
  return { column, threshold, timeBin, tally, branching: recording.branching(), ...collection.finish() };
}
