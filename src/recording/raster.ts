import { EventList, type Events } from './events.ts';
import type { Threshold, TraceValues } from './parameters.ts';
import { channelsOf, type Piece } from './pieces.ts';
import type { DataSource } from './source.ts';
import { thresholdIn } from './thresholds.ts';

/** The events of all channels, at the rows of their trial. */
export interface Raster {
  readonly events: Events;
  readonly channels: readonly RasterChannel[];
  readonly rows: number;
}

/** A channel of a raster. */
export interface RasterChannel {
  readonly name: string;
  readonly threshold: number;
  /** Excursions beyond it. */
  readonly events: number;
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

/**
 * One raster of several channels: every excursion of a channel beyond its threshold is one event, at the row of its extremum (Beggs & Plenz, J.
 * Neurosci. 23, 11167 (2003): negative peaks of the local field potential). A threshold that isn't a number is found in each channel. Holds the channels
 * in memory.
 * @throws ParameterError where a channel has no value to find its threshold in, or a value is missing and isn't to be a gap
 */
export async function rasterOf(
  source: DataSource,
  names: readonly string[],
  threshold: Threshold,
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
    return { name: names[c]!, threshold: level, events: list.count - before };
  });
  return {
    events: list.finish(),
    channels,
    rows: rows.reduce((sum, piece) => sum + piece.length, 0),
  };
}
