import { SchemaError } from '../error.ts';
import { column, type NumericColumn } from '../schema/batch.ts';
import { type CensoredOption, skipped } from './censored.ts';
import {
  addFine,
  binOf,
  type FineBins,
  fineBins,
  highWord,
  lowerEdge,
  lowWord,
  mergeFine,
  reach,
  reachCount,
} from './fine-bins.ts';
import type { GroupedSample } from './grouped.ts';
import { memoryFor, outgrown } from './outgrown.ts';
import type { Reducer } from './reducer.ts';

/** Integers below this have a count of their own. */
const exactLimit = 8192;
const smallestNormal = 2 ** -1022;

/** At most 8 MB; 16 bytes a bin of relative width 2^-8 that the data span. */
export interface ValueHistogramState {
  /** Counts of the integers 0 … (discrete only), growing up to `exactLimit`. */
  exact: Float64Array;
  fine: FineBins;
  /** Values in the histogram. */
  n: number;
  /** Values that are NaN or infinite. */
  nonFinite: number;
  /** Values below 2.3e-308 (zero, negative, subnormal): no place on the logarithmic scale. */
  nonPositive: number;
}

/** The distribution of a column, and what of it no group holds. */
export interface ValueHistogramResult {
  /** Groups that hold any value. */
  readonly sample: GroupedSample;
  readonly n: number;
  readonly nonFinite: number;
  readonly nonPositive: number;
}

/** How the values of a column are counted. */
export interface ValueHistogramOptions extends CensoredOption {
  /** True for integer data: exact counts below 8192, groups with integer edges beyond. */
  readonly discrete: boolean;
}

/**
 * The distribution of one positive column, fine enough for maximum-likelihood fits: groups of relative width ≤ 2^-8 with count and
 * Σ ln x, over any range.
 * @throws SchemaError (step) for a discrete column with a value that is no integer, or a column of 64-bit integers
 */
export function valueHistogram(
  name: string,
  options: ValueHistogramOptions,
): Reducer<ValueHistogramState, ValueHistogramResult> {
  const { discrete } = options;
  return {
    name: `value-histogram(${name})`,
    init: () => ({ exact: new Float64Array(0), fine: fineBins(), n: 0, nonFinite: 0, nonPositive: 0 }),
    step(state, batch) {
      const values = column<NumericColumn>(batch, name);
      if (values instanceof BigInt64Array)
        throw new SchemaError(`column '${name}' is int64; a histogram needs numbers`);
      if (options.censored === 'only' && skipped(batch, {}) === null) return state;
      const skip = skipped(batch, options);
      if (discrete && values instanceof Int32Array) addIntegers(state, name, values, skip);
      else addValues(state, name, values instanceof Float64Array ? values : new Float64Array(values), skip, discrete);
      return state;
    },
    merge(into, other) {
      mergeValues(into, other);
      return into;
    },
    release({ exact, fine }, take = outgrown) {
      for (const array of [exact, fine.count, fine.residual]) take(array);
    },
    finish: (state, spare) => ({
      sample: groupedSample(state, discrete, spare?.sample),
      n: state.n,
      nonFinite: state.nonFinite,
      nonPositive: state.nonPositive,
    }),
  };
}

const isCounted = (skip: Uint8Array | null, i: number): boolean => skip === null || skip[i] === 0;

/** Whether a double has a place on the logarithmic scale. */
const isScaled = (x: number): boolean => x >= smallestNormal && x < Infinity;

/** Makes room in fine bins for all values from `least` on at once: bin by bin, memory would be taken anew for each. */
function reachAll(fine: FineBins, values: Float64Array, skip: Uint8Array | null, least: number): void {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (!(x >= least && isScaled(x) && isCounted(skip, i))) continue;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  if (low <= high) reach(fine, binOf(low), binOf(high));
}

function addValues(
  state: ValueHistogramState,
  name: string,
  values: Float64Array,
  skip: Uint8Array | null,
  discrete: boolean,
): void {
  const { fine } = state;
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  reachAll(fine, values, skip, discrete ? exactLimit : smallestNormal);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    if (!isCounted(skip, i)) continue;
    const x = values[i]!;
    if (!isScaled(x)) {
      if (x - x === 0) state.nonPositive++;
      else state.nonFinite++;
      continue;
    }
    if (discrete) {
      if (Math.floor(x) !== x) throw notInteger(name, x);
      if (x < exactLimit) {
        if (x >= state.exact.length) state.exact = reachCount(state.exact, x, exactLimit);
        state.exact[x]!++;
        n++;
        continue;
      }
    }
    addFine(fine, highWord(words, i), lowWord(words, i));
    n++;
  }
  state.n += n;
}

/** As {@link addValues}, of integers: hardly any are as long as to need a place on the logarithmic scale. */
function addIntegers(state: ValueHistogramState, name: string, values: Int32Array, skip: Uint8Array | null): void {
  let longest = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > longest) longest = values[i]!;
  if (longest >= exactLimit) {
    addValues(state, name, new Float64Array(values), skip, true);
    return;
  }
  let { exact } = state;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    if (!isCounted(skip, i)) continue;
    const k = values[i]!;
    if (k <= 0) {
      state.nonPositive++;
      continue;
    }
    if (k >= exact.length) {
      exact = reachCount(exact, k, exactLimit);
      state.exact = exact;
    }
    exact[k]!++;
    n++;
  }
  state.n += n;
}

function notInteger(name: string, x: number): SchemaError {
  return new SchemaError(`column '${name}' was said to be discrete but holds ${x}`);
}

function mergeValues(into: ValueHistogramState, other: ValueHistogramState): void {
  if (other.exact.length > 0) into.exact = reachCount(into.exact, other.exact.length - 1, exactLimit);
  for (let k = 0; k < other.exact.length; k++) into.exact[k]! += other.exact[k]!;
  mergeFine(into.fine, other.fine);
  into.n += other.n;
  into.nonFinite += other.nonFinite;
  into.nonPositive += other.nonPositive;
}

function groupedSample(
  { exact, fine }: ValueHistogramState,
  discrete: boolean,
  spare: GroupedSample | undefined,
): GroupedSample {
  let groups = 0;
  for (let k = 0; k < exact.length; k++) if (exact[k]! > 0) groups++;
  for (let i = 0; i < fine.count.length; i++) if (fine.count[i]! > 0) groups++;
  const lower = memoryFor(groups, spare?.lower);
  const upper = memoryFor(groups, spare?.upper);
  const counts = memoryFor(groups, spare?.count);
  const sumLog = memoryFor(groups, spare?.sumLog);
  let g = 0;
  for (let k = 1; k < exact.length; k++) {
    const count = exact[k]!;
    if (!(count > 0)) continue;
    lower[g] = k;
    upper[g] = k + 1;
    counts[g] = count;
    sumLog[g++] = count * Math.log(k);
  }
  const { first, count: fineCount, residual } = fine;
  for (let i = 0; i < fineCount.length; i++) {
    const count = fineCount[i]!;
    if (count === 0) continue;
    const edge = lowerEdge(first + i);
    lower[g] = edge;
    upper[g] = lowerEdge(first + i + 1);
    counts[g] = count;
    sumLog[g++] = count * Math.log(edge) + residual[i]!;
  }
  return { discrete, lower, upper, count: counts, sumLog };
}
