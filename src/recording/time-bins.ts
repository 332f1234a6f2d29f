import { ParameterError } from '../error.ts';
import { power } from '../numeric/power.ts';
import type { Events } from './events.ts';
import type { Piece } from './pieces.ts';

const chunk = 65_536;
/** Bins of a trial, and bins to an event, beyond which together a width is taken for a mistake of units: minutes of going through nothing. */
const mostBins = 2e8;
const emptied = 1000;

/** Significant decimal digits of the shortest text of a number. */
const digitsOf = (value: number): number => value.toExponential().split('e')[0]!.replace(/[-.]/g, '').length;

/** Half a unit of the last decimal digit of numbers that were written with so many; 0 for those that have all digits of a double. */
function halfUnit(largest: number, digits: number): number {
  return digits > 14 || largest === 0 ? 0 : 0.5 * power(10, Math.floor(Math.log10(largest)) + 1 - digits);
}

const looked = 20_000;

/**
 * How far from an edge, in bins, a time may lie that counts as on it: where times are rounded, in arithmetic, to single precision, or to so many
 * decimals that the width is no multiple of the last.
 */
function toleranceOf(times: readonly Float64Array[], width: number): (ratio: number) => number {
  let single = true;
  let digits = 0;
  let seen = 0;
  let largest = 0;
  for (const list of times) {
    single &&= list.every((time) => Math.fround(time) === time);
    for (const time of list.subarray(0, looked - Math.min(seen, looked))) digits = Math.max(digits, digitsOf(time));
    seen += list.length;
    largest = Math.max(largest, Math.abs(list[0]!), Math.abs(list[list.length - 1]!));
  }
  const half = halfUnit(largest, digits);
  const steps = width / (2 * half);
  const coarse = single && digits > 9 ? 2 ** -22 : 2 ** -40;
  // On a lattice that the width is a multiple of, every time is where it says it is.
  if (half === 0 || Math.abs(steps - Math.round(steps)) <= 1e-9 * steps) return (ratio) => coarse * Math.abs(ratio);
  const [still, growing] = [half / width, halfUnit(width, digitsOf(width)) / width];
  return (ratio) => {
    const decimal = still + growing * Math.abs(ratio);
    return coarse * Math.abs(ratio) + (decimal < 0.01 ? decimal : 0);
  };
}

/**
 * Counts events in bins [k·width, (k+1)·width), trial by trial, from the bin of a trial's first event to that of its last. A time that lies on an edge
 * as nearly as it is exact counts as on it, so that bins don't depend on the unit of time: 0.012 / 0.004 isn't 3 in every arithmetic.
 * @throws ParameterError for bins finer than times are exact, or billions of empty ones
 */
export function* binEvents(events: Events, width: number, column: string): Generator<Piece> {
  const tolerance = toleranceOf([...events.trials.values()], width);
  const binOf = (time: number): number => {
    const ratio = time / width;
    const edge = Math.round(ratio);
    return Math.abs(ratio - edge) <= tolerance(ratio) ? edge : Math.floor(ratio);
  };
  for (const [name, times] of events.trials) {
    const farthest = Math.max(Math.abs(times[0]!), Math.abs(times[times.length - 1]!));
    if (tolerance(farthest / width) > 0.25) {
      throw new ParameterError(
        `time-bin ${width} is finer than times like ${farthest} in column '${column}' are exact: is it in their unit?`,
      );
    }
    const bins = binOf(times[times.length - 1]!) - binOf(times[0]!);
    if (bins > mostBins && bins > emptied * times.length) {
      throw new ParameterError(
        `time-bin ${width} makes ${bins} bins of ${times.length} events: is it in the unit of column '${column}'?`,
      );
    }
    yield* binTrial(times, binOf, name);
  }
}

function* binTrial(times: Float64Array, binOf: (time: number) => number, name: unknown): Generator<Piece> {
  let counts = new Float64Array(chunk);
  let filled = 0;
  let current = 0;
  let bin = binOf(times[0]!);
  const piece = (signal: Float64Array): Piece => ({
    signal,
    trial: name === undefined ? undefined : Array.from(signal, () => name),
  });
  for (const time of times) {
    const next = binOf(time);
    for (; bin < next; bin++) {
      counts[filled++] = current;
      current = 0;
      if (filled === chunk) {
        yield piece(counts);
        counts = new Float64Array(chunk);
        filled = 0;
      }
    }
    current++;
  }
  counts[filled++] = current;
  yield piece(counts.slice(0, filled));
}
