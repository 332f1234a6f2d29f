import { ParameterError } from '../error.ts';
import { grown } from '../numeric/grown.ts';
import type { Piece } from './pieces.ts';

/** Times of events, trial by trial. */
export interface Events {
  /** Ascending times of every trial that has any, in the order in which trials first come. */
  readonly trials: ReadonlyMap<unknown, Float64Array>;
  readonly count: number;
  /** Rows without a time, left out. */
  readonly missing: number;
  /** Rows whose time is before that of the row above, of the same trial. */
  readonly backward: number;
}

/** Gathers events in any order, 8 bytes each. */
export class EventList {
  readonly #trials = new Map<unknown, { times: Float64Array; n: number }>();
  count = 0;
  missing = 0;
  backward = 0;

  add(trial: unknown, time: number): void {
    let list = this.#trials.get(trial);
    if (list === undefined) {
      list = { times: new Float64Array(64), n: 0 };
      this.#trials.set(trial, list);
    }
    if (list.n === list.times.length) list.times = grown(list.times, 2 * list.n);
    if (list.n > 0 && time < list.times[list.n - 1]!) this.backward++;
    list.times[list.n++] = time;
    this.count++;
  }

  /** Sorts them, within their trials. */
  finish(): Events {
    const trials = new Map([...this.#trials].map(([trial, { times, n }]) => [trial, times.subarray(0, n).sort()]));
    return { trials, count: this.count, missing: this.missing, backward: this.backward };
  }
}

/**
 * Collects events from a table with one a row; they may come unit by unit.
 * @throws ParameterError where there are none
 */
export async function collectEvents(pieces: AsyncIterable<Piece> | Iterable<Piece>, column: string): Promise<Events> {
  const list = new EventList();
  for await (const { signal, trial } of pieces) {
    for (let i = 0; i < signal.length; i++) {
      const time = signal[i]!;
      if (time - time === 0) list.add(trial?.[i], time);
      else list.missing++;
    }
  }
  const events = list.finish();
  if (events.count === 0) throw new ParameterError(`column '${column}' holds no times of events`);
  return events;
}

/**
 * Mean interval between events that follow each other in a trial.
 * @throws ParameterError where all are at the same time
 */
export function meanInterval({ trials, count }: Events, column: string): number {
  let span = 0;
  for (const times of trials.values()) span += times[times.length - 1]! - times[0]!;
  if (!(span > 0)) throw new ParameterError(`time-bin mean needs events at different times in column '${column}'`);
  return span / (count - trials.size);
}
