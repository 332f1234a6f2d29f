import type { BlockedStatistics } from '../crackling/reducer.ts';
import { ParameterError } from '../error.ts';
import { distinct } from '../parameter.ts';
import type { SizeKind } from '../schema/size.ts';
import { seriesKinds } from '../surrogate/series.ts';
import { type Collection, collectAvalanches } from './analysis.ts';
import { columnOf } from './column.ts';
import { collectEvents, type Events, meanInterval } from './events.ts';
import { followRecording, type Recording, type RecordingTally } from './follow.ts';
import { counted } from './found-in-words.ts';
import { estimateMultistep, type MultistepEstimate } from './multistep/estimate.ts';
import { type NullAvalanches, surrogatePieces } from './null-models.ts';
import type { TraceValues } from './parameters.ts';
import { heldPieces, type Piece, piecesOf } from './pieces.ts';
import { channelNames, type RasterChannel, rasterOf } from './raster.ts';
import type { DataSource } from './source.ts';
import { missingThreshold, thresholdIn } from './thresholds.ts';
import { binEvents } from './time-bins.ts';

/** How activity is handed on from row to row. */
export interface BranchingEstimates {
  /** Over the rows of avalanches; see {@link Recording.branchingWithin}. */
  readonly withinAvalanches: number;
  /** Over the whole trace; undefined where it is too short for two lags. */
  readonly multistep: MultistepEstimate | undefined;
}

/** Avalanches that were found in a recorded trace. */
export interface TraceAvalanches {
  readonly column: string;
  /** What rows are held against: of the signal, or a number of events where these were counted. */
  readonly threshold: number;
  /** Rows at the threshold are outside. */
  readonly above: boolean;
  /** Avalanches are rows below the threshold. */
  readonly below: boolean;
  readonly size: SizeKind;
  /** Width of the time bins that events were counted in. */
  readonly timeBin: number | undefined;
  /** Events that were counted, rows without a time, and rows that go back in time; undefined where the trace is a signal. */
  readonly events: { readonly count: number; readonly missing: number; readonly backward: number } | undefined;
  /** Channels whose excursions are the events. */
  readonly channels: readonly RasterChannel[] | undefined;
  readonly tally: RecordingTally;
  readonly branching: BranchingEstimates;
  readonly blocked: BlockedStatistics;
  readonly discreteSize: boolean;
  /** What sizes are counted in, in the statistics. */
  readonly sizeStep: number;
  /** Of the null models that were asked for. */
  readonly nulls: readonly NullAvalanches[];
}

/** Why no avalanche has a known extent. */
function whyNone(
  tally: RecordingTally,
  { threshold, events }: Activity,
  above: boolean,
  below: boolean,
): ParameterError {
  if (events !== undefined && threshold === 0 && above && tally.rowsInside === tally.rows) {
    const counts = `${counted(events.count, 'event')} in ${counted(tally.rows, 'bin')}`;
    return new ParameterError(
      `every time bin from the first event to the last has one (${counts}): an avalanche is what empty bins enclose`,
    );
  }
  const where = `threshold ${Number(threshold.toPrecision(6))}`;
  const beyond = below ? 'below' : 'above';
  const side = above ? beyond : `at or ${beyond}`;
  const [ease, strain] = below ? ['raise', 'lower'] : ['lower', 'raise'];
  if (tally.rowsInside === 0) return new ParameterError(`no row of the trace is ${side} the ${where}: ${ease} it`);
  if (tally.rowsInside === tally.rows) {
    return new ParameterError(
      `every row of the trace is ${side} the ${where}: ${strain} it`,
      above ? {} : { remedy: { option: 'above' } },
    );
  }
  return new ParameterError(
    `all ${tally.censored} avalanches of the trace touch a gap or one of its ends: none has a known extent`,
  );
}

/**
 * Finds the avalanches of a recorded trace, in one pass over the table; where the threshold is to be found in the trace itself, it is held in
 * memory (8 bytes a row), and so are events and several channels.
 * @param seed of the null models that `values.surrogate` asks for, for which the trace is held too
 * @throws ParameterError where there is none, and for a null model that is listed twice
 */
export async function traceAvalanches(source: DataSource, values: TraceValues, seed: number): Promise<TraceAvalanches> {
  distinct('surrogate', values.surrogate);
  const found = await activityOf(source, values);
  const { below, size } = values;
  const above = values.above || found.above;
  const kinds = seriesKinds.filter((kind) => values.surrogate.includes(kind));
  const pieces = kinds.length === 0 ? found.pieces : await heldPieces(found.pieces);
  const { recording, collection } = await followed(found, pieces, values);
  const { tally } = recording;
  if (tally.valid === 0) throw whyNone(tally, found, above, below && found.events === undefined);
  const { pieces: _, ...activity } = found;
  const nulls: NullAvalanches[] = [];
  for (const kind of kinds) {
    const made = await followed(found, surrogatePieces(pieces as Piece[], kind, seed), values);
    const { tally: own } = made.recording;
    const collected = own.valid === 0 ? undefined : made.collection.finish();
    const { blocked, discreteSize = false, sizeStep = 1 } = collected ?? {};
    nulls.push({ kind, tally: own, blocked, discreteSize, sizeStep });
  }
  const branching: BranchingEstimates = {
    withinAvalanches: recording.branchingWithin(),
    multistep: estimateMultistep(recording.pairs, { means: values.branchingMeans, decay: values.branchingFit, seed }),
  };
  return { ...activity, above, below, size, tally, branching, ...collection.finish(), nulls };
}

/** Avalanches of a trace at the threshold that was found. */
async function followed(
  { threshold, above: anyEvent, events }: Activity,
  pieces: AsyncIterable<Piece> | Iterable<Piece>,
  values: TraceValues,
): Promise<{ readonly recording: Recording; readonly collection: Collection }> {
  const { profilePoints, below, size } = values;
  const above = values.above || anyEvent;
  const sign = below && events === undefined ? -1 : 1;
  const recording = followRecording({ threshold: sign * threshold, above, size, profilePoints, lags: values.lags });
  const collection = collectAvalanches({ profilePoints, size, discreteSize: values.discrete, blocks: values.blocks });
  for await (const { signal, trial } of pieces) {
    collection.add(recording.step(sign === 1 ? signal : signal.map((x) => -x), trial));
  }
  collection.add(recording.finish());
  return { recording, collection };
}

/** What avalanches are found in: a signal and the threshold that it is held against. */
interface Activity extends Pick<TraceAvalanches, 'column' | 'threshold' | 'above' | 'timeBin' | 'events' | 'channels'> {
  readonly pieces: AsyncIterable<Piece> | Iterable<Piece>;
}

/** Bins with any event at all: above 0, so that the excess over the threshold is the number of events. */
const anyEvent = { threshold: 0, above: true };

async function activityOf(source: DataSource, values: TraceValues): Promise<Activity> {
  const { threshold, timeBin, channels: asked } = values;
  if (asked !== undefined) {
    const column = asked.join(' + ');
    const names = channelNames(source, asked, values.trial);
    const { events, channels } = await rasterOf(source, names, threshold, values);
    if (events.count === 0) {
      throw new ParameterError(
        threshold === undefined ? `${column} count no event` : `no channel of ${column} ever passes its threshold`,
      );
    }
    return { column, channels, ...binned(events, timeBin ?? 1, column), ...anyEvent };
  }
  const column = columnOf(source, values.column);
  const pieces = piecesOf(source, column, values);
  if (timeBin === undefined) {
    if (threshold === undefined) throw missingThreshold('');
    const none = { column, above: false, timeBin, events: undefined, channels: undefined };
    if (typeof threshold === 'number') return { ...none, pieces, threshold };
    const held = await heldPieces(pieces);
    return { ...none, pieces: held, threshold: thresholdIn(held, threshold) };
  }
  const counted = binned(await collectEvents(pieces, column), timeBin, column);
  const none = { column, above: false, channels: undefined };
  if (threshold === undefined) return { ...none, ...counted, ...anyEvent };
  if (typeof threshold === 'number') return { ...none, ...counted, threshold };
  const held = await heldPieces(counted.pieces);
  return { ...none, ...counted, pieces: held, threshold: thresholdIn(held, threshold) };
}

function binned(events: Events, asked: number | 'mean', column: string) {
  const timeBin = asked === 'mean' ? meanInterval(events, column) : asked;
  const { trials: _, ...tally } = events;
  return { pieces: binEvents(events, timeBin, column), timeBin, events: tally };
}
