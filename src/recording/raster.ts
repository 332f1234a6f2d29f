import { ParameterError } from '../error.ts';
import { columnList } from '../store/read/table-file.ts';
import { EventList, type Events } from './events.ts';
import type { Threshold, TraceValues } from './parameters.ts';
import { channelsOf, type Piece } from './pieces.ts';
import type { DataSource } from './source.ts';
import { missingThreshold, thresholdIn } from './thresholds.ts';

/** The events of all channels, at the rows of their trial. */
export interface Raster {
  readonly events: Events;
  readonly channels: readonly RasterChannel[];
  readonly rows: number;
}

/** A channel of a raster. */
export interface RasterChannel {
  readonly name: string;
  /** Null where the channel counts events itself. */
  readonly threshold: number | null;
  /** Excursions beyond it. */
  readonly events: number;
  /** Holds whole numbers from 0 on alone, as counts are. */
  readonly whole: boolean;
}

/**
 * The columns that names and patterns (`unit*`) stand for, without that of trials.
 * @throws ParameterError for a pattern that no column is like
 */
export function channelNames(source: DataSource, asked: readonly string[], trial: string | undefined): string[] {
  const { columns, name } = source;
  const found = asked.flatMap((pattern) => {
    if (!pattern.includes('*') || columns.includes(pattern)) return [pattern];
    const like = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
    const matching = columns.filter((column) => column !== trial && like.test(column));
    if (matching.length > 0) return matching;
    throw new ParameterError(`no column of ${name} is like '${pattern}'; its columns are ${columnList(source)}`);
  });
  return [...new Set(found)];
}

/** Rows of every trial, in its own count from 0. */
function rowsInTrials(pieces: readonly Piece[]): Float64Array[] {
  const next = new Map<unknown, number>();
  return pieces.map(({ signal, trial }) =>
    Float64Array.from(signal, (_, i) => {
      const name = trial?.[i];
      const row = next.get(name) ?? 0;
      next.set(name, row + 1);
      return row;
    }),
  );
}

interface Excursion {
  readonly row: number;
  readonly value: number;
}

/** Events of a raster that are held at most, a double each (1 GiB). */
const mostEvents = 2 ** 27;

const tooManyEvents = (channel: string): ParameterError =>
  new ParameterError(
    `threshold of each channel must be given: as counts of events (which they are taken for without one) columns up to '${channel}' hold more than ${mostEvents}`,
  );

const isCount = (x: number): boolean => x - x !== 0 || (x >= 0 && Number.isInteger(x));

/**
 * One raster of several channels: every excursion of a channel beyond its threshold is one event, at the row of its extremum (Beggs & Plenz, J.
 * Neurosci. 23, 11167 (2003): negative peaks of the local field potential). A threshold that isn't a number is found in each channel. Without one
 * channels are counts of events, such as the spikes of a unit in each row. Holds the channels in memory.
 * @throws ParameterError where a channel has no value to find its threshold in, holds no counts and has no threshold, or a value is missing and isn't
 *   to be a gap
 */
export async function rasterOf(
  source: DataSource,
  names: readonly string[],
  threshold: Threshold | undefined,
  values: TraceValues,
): Promise<Raster> {
  const signals: Piece[][] = names.map(() => []);
  for await (const piece of channelsOf(source, names, values)) {
    piece.channels.forEach((signal, c) => {
      signals[c]!.push({ signal, trial: piece.trial });
    });
  }
  const rows = rowsInTrials(signals[0]!);
  const list = new EventList();
  const channels = signals.map((pieces, c): RasterChannel => {
    const before = list.count;
    const whole = pieces.every(({ signal }) => signal.every(isCount));
    if (threshold === undefined) {
      if (!whole || values.below || values.above) throw missingThreshold('of each channel');
      pieces.forEach(({ signal, trial }, p) => {
        signal.forEach((x, i) => {
          if (x - x !== 0) return;
          if (list.count + x > mostEvents) throw tooManyEvents(names[c]!);
          for (let spike = 0; spike < x; spike++) list.add(trial?.[i], rows[p]![i]!);
        });
      });
      return { name: names[c]!, threshold: null, events: list.count - before, whole };
    }
    const level = thresholdIn(pieces, threshold);
    const sign = values.below ? -1 : 1;
    const open = new Map<unknown, Excursion>();
    pieces.forEach(({ signal, trial }, p) => {
      signal.forEach((x, i) => {
        const name = trial?.[i];
        const over = sign * (x - level);
        const at = open.get(name);
        if (values.above ? over > 0 : over >= 0) {
          if (at === undefined || sign * (x - at.value) > 0) open.set(name, { row: rows[p]![i]!, value: x });
        } else if (at !== undefined) {
          list.add(name, at.row);
          open.delete(name);
        }
      });
    });
    for (const [name, { row }] of open) list.add(name, row);
    return { name: names[c]!, threshold: level, events: list.count - before, whole };
  });
  return {
    events: list.finish(),
    channels,
    rows: rows.reduce((sum, piece) => sum + piece.length, 0),
  };
}
