import { exponentsRowOf } from '../crackling/tables.ts';
import { ParameterError } from '../error.ts';
import { checkParameters } from '../parameter.ts';
import type { ScanRow } from '../schema/columns.ts';
import type { ColumnValues } from '../store/read/values.ts';
import { columnOf } from './column.ts';
import { fitTrace } from './crackling.ts';
import { collectEvents, type Events, meanInterval } from './events.ts';
import { orderInWords } from './found-in-words.ts';
import { refuseIdleDecadesOfAvalanches } from './idle-decades.ts';
import { type FitRun, type Threshold, type TraceOptions, type TraceValues, traceParameters } from './parameters.ts';
import { piecesOf } from './pieces.ts';
import { channelNames } from './raster.ts';
import { parseCondition } from './rows.ts';
import { checkSource, type DataSource } from './source.ts';

/** What avalanches of a trace are found with, and its value may decide what is found: the field's standard control. */
export type ScannedOver = 'threshold' | 'time-bin';

/** A trace measured at several thresholds, or with several widths of time bins. */
export interface TraceScan {
  readonly source: string;
  readonly column: string;
  readonly over: ScannedOver;
  readonly rows: readonly ScanRow[];
  /** What is to be said of the trace as a whole. */
  readonly notes: readonly string[];
}

/** The columns that a trace needs, held in memory, so that it can be gone through again and again. */
async function heldSource(source: DataSource, values: TraceValues): Promise<DataSource> {
  const conditions = values.where.map((word) => parseCondition(word).column);
  const { channels, trial } = values;
  const own = channels === undefined ? [columnOf(source, values.column)] : channelNames(source, channels, trial);
  const wanted = [
    ...new Set([...own, ...(values.trial === undefined ? [] : [values.trial]), ...conditions, 'censored']),
  ];
  const names = wanted.filter((name) => source.columns.includes(name));
  const chunks: { rows: number; columns: Readonly<Record<string, ColumnValues>> }[] = [];
  for await (const chunk of source.chunks(names)) chunks.push(chunk);
  return {
    ...source,
    async *chunks() {
      yield* chunks;
    },
  };
}

const inWords = (threshold: Threshold | number): string => {
  if (typeof threshold !== 'object') return String(threshold);
  return 'sd' in threshold ? `${threshold.sd}sd` : `quantile:${threshold.quantile}`;
};

/** From most of the rows to few of them: quantiles of a signal, standard deviations of channels. */
function thresholds({ channels, below }: TraceValues): Threshold[] {
  const sign = below ? -1 : 1;
  if (channels !== undefined) return [1, 1.5, 2, 2.5, 3, 3.5, 4].map((sd) => ({ sd: sign * sd }));
  return [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map((q) => ({ quantile: below ? Number((1 - q).toFixed(2)) : q }));
}

/** The events of the trace, to be counted in bins of several widths; undefined where its channels make them. */
async function eventsOf(source: DataSource, values: TraceValues): Promise<Events | undefined> {
  if (values.channels !== undefined) return undefined;
  const column = columnOf(source, values.column);
  return collectEvents(piecesOf(source, column, { ...values, timeBin: values.timeBin ?? 'mean' }), column);
}

/** From a quarter to eight times the mean interval between events, or what was given; of channels, rows. */
function widths(events: Events | undefined, { timeBin }: TraceValues, column: string): number[] {
  if (events === undefined) return [1, 2, 3, 4, 6, 8, 12, 16];
  const middle = typeof timeBin === 'number' ? timeBin : meanInterval(events, column);
  return [0.25, 0.5, 1, 2, 4, 8].map((factor) => factor * middle);
}

/** The trace measured at one threshold or width, which is at a place, from 1 on, in the list of all. */
async function pointOf(
  source: DataSource,
  { over, at, place }: { readonly over: ScannedOver; readonly at: Threshold | number; readonly place: number },
  options: TraceOptions,
  run: FitRun,
): Promise<ScanRow> {
  const asked = inWords(at);
  const none = { over, asked, inside: null, mismatch_sigmas: null, branching_ratio: null };
  try {
    const varied = over === 'threshold' ? { threshold: at } : { timeBin: at as number };
    const fit = await fitTrace(source, { ...options, ...varied, alternatives: false, bootstrap: undefined }, run);
    const { tally, threshold, channels, branching } = fit.trace;
    const row = exponentsRowOf({}, fit.size, fit.analysis, fit.blocked.all);
    const { tau, tau_error, alpha, alpha_error, gamma_scaling, gamma_scaling_error } = row;
    const { gamma_predicted, gamma_predicted_error, mismatch_sigmas } = row;
    return {
      ...none,
      value: over === 'time-bin' ? (at as number) : channels === undefined ? threshold : place,
      avalanches: tally.valid,
      censored: tally.censored,
      inside: tally.rowsInside / tally.rows,
      ...{ tau, tau_error, alpha, alpha_error, gamma_scaling, gamma_scaling_error },
      ...{ gamma_predicted, gamma_predicted_error, mismatch_sigmas },
      branching_ratio: Number.isFinite(branching.withinAvalanches) ? branching.withinAvalanches : null,
      note: null,
    };
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    const [value, exponent] = [typeof at === 'number' ? at : place, null];
    return {
      ...none,
      value,
      avalanches: 0,
      censored: 0,
      ...{ tau: exponent, tau_error: exponent, alpha: exponent, alpha_error: exponent },
      ...{ gamma_scaling: exponent, gamma_scaling_error: exponent },
      ...{ gamma_predicted: exponent, gamma_predicted_error: exponent },
      note: error.message,
    };
  }
}

/**
 * Measures a recorded trace at several thresholds, or with several widths of time bins: exponents of a scale-free process don't depend on them. Holds the
 * trace in memory.
 * @param at thresholds or widths; default: from most of the rows inside avalanches to few, from a quarter of the mean interval between events to eight
 * @throws ParameterError for options that fit no trace; values that allow no fit become rows with a note
 * @throws SchemaError for a column that is missing or holds no numbers
 */
export async function scanTrace(
  source: DataSource,
  over: ScannedOver,
  options: TraceOptions = {},
  at?: readonly (Threshold | number)[],
  run: FitRun = {},
): Promise<TraceScan> {
  checkSource(source);
  const values = checkParameters(traceParameters, options);
  refuseIdleDecadesOfAvalanches(options);
  const held = await heldSource(source, values);
  const column = values.channels?.join(' + ') ?? columnOf(source, values.column);
  const events = over === 'time-bin' ? await eventsOf(held, values) : undefined;
  const points = at ?? (over === 'threshold' ? thresholds(values) : widths(events, values, column));
  if (over === 'time-bin' && points.some((width) => !(typeof width === 'number' && width > 0))) {
    throw new ParameterError(`scan-at must be positive widths of time bins, got ${points.map(inWords).join(',')}`);
  }
  const notes = [
    ...(events === undefined ? [] : orderInWords(column, events)),
    ...(over === 'threshold' && values.threshold !== undefined
      ? ['The threshold that was given has no effect on a scan over thresholds: --scan-at says which are scanned.']
      : []),
  ];
  const rows: ScanRow[] = [];
  for (const [place, one] of points.entries()) {
    run.signal?.throwIfAborted();
    rows.push(await pointOf(held, { over, at: one, place: place + 1 }, options, run));
  }
  return { source: source.name, column, over, rows, notes };
}
