import { binomial } from '../numeric/binomial.ts';
import type { RandomStream } from '../numeric/random.ts';
import { truncatedExponential } from '../numeric/truncated-exponential.ts';
import { powerSum } from '../numeric/zeta.ts';
import type { GroupedSample } from '../reduce/grouped.ts';
import type { PowerLaw } from './power-law.ts';
import type { Tail } from './tail.ts';

/**
 * Where values of a synthetic grouped sample may fall, with their expected number (up to a factor) and the law of ln x
 * inside.
 */
export interface Cells {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly mass: Float64Array;
  readonly meanLog: Float64Array;
  readonly varianceLog: Float64Array;
}

type Row = [lower: number, upper: number, mass: number, meanLog: number, varianceLog: number];

const FINE = 2 ** -8;
/** Beyond this, doubles no longer hold every integer. */
const LARGEST_INTEGER = 2 ** 52;

/** Observed groups outside the tail, as they were. */
export function bodyCells({ sample, first, last }: Tail): Cells {
  const rows: Row[] = [];
  for (let j = 0; j < sample.position.length; j++) {
    if (j === first) j = last;
    if (j >= sample.position.length) break;
    const count = sample.countFrom[j]! - sample.countFrom[j + 1]!;
    const meanLog = (sample.sumLogFrom[j]! - sample.sumLogFrom[j + 1]!) / count;
    rows.push([sample.position[j]!, sample.upper![j]!, count, meanLog, 0]);
  }
  return columns(rows);
}

/**
 * The law's mass in the tail's groups and in fine cells of relative width 2⁻⁸ (single integers below 512) where no group
 * was occupied. An unbounded tail ends where less than 1/1000 of a value is expected beyond; the last cell takes that.
 */
export function tailCells(tail: Tail, law: PowerLaw): Cells {
  const { discrete, exponent, xmin, xmax } = law;
  const { sample, first, last, n } = tail;
  const whole = discrete
    ? powerSum(exponent, xmin, xmax).log
    : truncatedExponential(exponent - 1, Math.log(xmax / xmin)).logNormaliser;
  const rows: Row[] = [];
  let used = 0;
  const add = (lower: number, upper: number): void => {
    let row: Row;
    if (discrete) {
      const sum = powerSum(exponent, lower, upper - 1);
      row = [lower, upper, Math.exp(sum.log - whole), sum.meanLog, sum.varianceLog];
    } else {
      const inside = truncatedExponential(exponent - 1, Math.log(upper / lower));
      const start = Math.log(lower / xmin);
      const mass = Math.exp(-(exponent - 1) * start + inside.logNormaliser - whole);
      row = [lower, upper, mass, Math.log(lower) + inside.mean, inside.variance];
    }
    used += row[2];
    rows.push(row);
  };
  const fill = (from: number, to: number): void => {
    for (let lower = from; lower < to; ) {
      const width = discrete ? Math.max(1, Math.floor(lower * FINE)) : lower * FINE;
      // No sliver at the end: the last cell is up to half as wide again.
      const upper = lower + 1.5 * width >= to ? to : lower + width;
      add(lower, upper);
      lower = upper;
    }
  };
  let reached = xmin;
  for (let j = first; j < last; j++) {
    fill(reached, sample.position[j]!);
    add(sample.position[j]!, sample.upper![j]!);
    reached = sample.upper![j]!;
  }
  const end = discrete ? xmax + 1 : xmax;
  if (end < Infinity) {
    fill(reached, end);
  } else {
    const limit = discrete ? LARGEST_INTEGER : 1e300;
    while ((1 - used) * n > 1e-3 && reached < limit) {
      const next = Math.min(2 * reached, limit);
      fill(reached, next);
      reached = next;
    }
    rows[rows.length - 1]![2] += Math.max(0, 1 - used);
  }
  return columns(rows);
}

function columns(rows: readonly Row[]): Cells {
  const pick = (k: number): Float64Array => Float64Array.from(rows, (row) => row[k]!);
  return { lower: pick(0), upper: pick(1), mass: pick(2), meanLog: pick(3), varianceLog: pick(4) };
}

/** Spreads n values over cells by a chain of binomials: exact multinomial counts, in time independent of n. */
export function drawCounts(stream: RandomStream, n: number, mass: Float64Array): Float64Array {
  const count = new Float64Array(mass.length);
  const massFrom = new Float64Array(mass.length + 1);
  for (let j = mass.length - 1; j >= 0; j--) massFrom[j] = massFrom[j + 1]! + mass[j]!;
  let left = n;
  for (let j = 0; j < mass.length && left > 0; j++) {
    const share = mass[j]! / massFrom[j]!;
    const drawn = massFrom[j + 1] === 0 ? left : binomial(stream, left, Math.min(share, 1));
    count[j] = drawn;
    left -= drawn;
  }
  return count;
}

/**
 * A synthetic grouped sample from cells and their counts; Σ ln x gets the Gaussian noise of its variance inside the
 * cell.
 */
export function groupsFrom(
  stream: RandomStream,
  discrete: boolean,
  parts: readonly { readonly cells: Cells; readonly count: Float64Array }[],
): GroupedSample {
  const rows: Row[] = [];
  for (const { cells, count } of parts) {
    for (let j = 0; j < count.length; j++) {
      const n = count[j]!;
      if (n === 0) continue;
      const [low, high] = [Math.log(cells.lower[j]!), Math.log(cells.upper[j]!)];
      const noise = cells.varianceLog[j]! > 0 ? stream.normal() * Math.sqrt(cells.varianceLog[j]! / n) : 0;
      const meanLog = Math.min(Math.max(cells.meanLog[j]! + noise, low), high);
      rows.push([cells.lower[j]!, cells.upper[j]!, n, n * meanLog, 0]);
    }
  }
  rows.sort((a, b) => a[0] - b[0]);
  const pick = (k: number): Float64Array => Float64Array.from(rows, (row) => row[k]!);
  return { discrete, lower: pick(0), upper: pick(1), count: pick(2), sumLog: pick(3) };
}
