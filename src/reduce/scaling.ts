import { SchemaError } from '../error.ts';
import { column } from '../schema/batch.ts';
import { sizeColumn } from '../schema/size.ts';
import { skipped } from './censored.ts';
import { durationGroup, exactDurations, groupStart } from './duration-group.ts';
import { memoryFor, outgrown, widened } from './outgrown.ts';
import type { Reducer } from './reducer.ts';
import type { SizeOptions } from './size-option.ts';

/** Per duration group (index = group), growing with the longest duration: at most 1696 groups, 95 kB (135 kB with sizes that are not positive). */
export interface ScalingState {
  /** Of positive sizes. */
  count: Float64Array;
  meanSize: Float64Array;
  /** Σ (S − mean)². */
  sizeSquares: Float64Array;
  meanLogSize: Float64Array;
  /** Σ (ln S − mean)². */
  squares: Float64Array;
  sumDuration: Float64Array;
  sumLogDuration: Float64Array;
  /** The same of sizes ≤ 0, which are rare; empty as long as there are none. */
  restCount: Float64Array;
  restMean: Float64Array;
  restSquares: Float64Array;
  nonFinite: number;
  nonPositive: number;
}

/** Columns, one entry a duration group that holds any avalanche, ascending. */
export interface ScalingResult {
  /** Mean duration D of the group: the duration itself below 1024. */
  readonly duration: Float64Array;
  /** ⟨ln D⟩ over the group. */
  readonly logDuration: Float64Array;
  /** Durations lower ≤ D < upper are in the group. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly count: Float64Array;
  /** Those with a size > 0: only they have a logarithm. */
  readonly logCount: Float64Array;
  /** ⟨S⟩ over all. */
  readonly meanSize: Float64Array;
  /** Unbiased variance of S over all; NaN where count is 1. */
  readonly varSize: Float64Array;
  /** ⟨ln S⟩ over those with a size > 0; NaN where there is none. */
  readonly meanLogSize: Float64Array;
  /** Unbiased variance of ln S; NaN where logCount is 1 or 0. */
  readonly varLogSize: Float64Array;
  /** Avalanches that don't count because their size is NaN or infinite. */
  readonly nonFinite: number;
  /** Avalanches whose size is ≤ 0: they are in ⟨S⟩, not in ⟨ln S⟩. */
  readonly nonPositive: number;
}

/** Which sizes are averaged by duration. */
export interface ScalingReducerOptions extends SizeOptions {
  /** Avalanches of a smaller size don't count; default: all count. */
  readonly leastSize?: number;
}

const columns = [
  'count',
  'meanSize',
  'sizeSquares',
  'meanLogSize',
  'squares',
  'sumDuration',
  'sumLogDuration',
] as const;
const restColumns = ['restCount', 'restMean', 'restSquares'] as const;

function reach(state: ScalingState, group: number): void {
  if (group < state.count.length) return;
  const length = (group | 63) + 1;
  for (const name of columns) state[name] = widened(state[name], length);
}

/** Joins sizes ≤ 0 of a group, n of them with a mean and Σ (S − mean)². */
function joinRest(state: ScalingState, group: number, n: number, mean: number, squares: number): void {
  if (group >= state.restCount.length) {
    for (const name of restColumns) state[name] = widened(state[name], (group | 63) + 1);
  }
  const had = state.restCount[group]!;
  const share = n / (had + n);
  const delta = mean - state.restMean[group]!;
  state.restCount[group] = had + n;
  state.restMean[group]! += delta * share;
  state.restSquares[group]! += squares + delta * delta * had * share;
}

/**
 * Sizes against durations: the sufficient statistics of the scaling fit ⟨S⟩(D) ~ D^γ. Means and variances by Welford's
 * update and Chan's merge (doi:10.1080/00031305.1983.10483115); variances of S hold for sizes up to 1e150. Sizes are of the excess by default;
 * censored rows don't count by default.
 * @throws SchemaError (step) for a duration below 1
 */
export function scaling(options: ScalingReducerOptions = {}): Reducer<ScalingState, ScalingResult> {
  return {
    name: 'scaling',
    init: () => ({
      count: new Float64Array(0),
      meanSize: new Float64Array(0),
      sizeSquares: new Float64Array(0),
      meanLogSize: new Float64Array(0),
      squares: new Float64Array(0),
      sumDuration: new Float64Array(0),
      sumLogDuration: new Float64Array(0),
      restCount: new Float64Array(0),
      restMean: new Float64Array(0),
      restSquares: new Float64Array(0),
      nonFinite: 0,
      nonPositive: 0,
    }),
    step(state, batch) {
      const durations = column<Int32Array>(batch, 'duration');
      const sizes = column<Float64Array>(batch, sizeColumn[options.size ?? 'excess']);
      const skip = skipped(batch, options);
      const { leastSize = -Infinity } = options;
      let longest = 0;
      for (let i = 0; i < durations.length; i++) if (durations[i]! > longest) longest = durations[i]!;
      reach(state, durationGroup(longest));
      const { count, meanSize, sizeSquares, meanLogSize, squares, sumDuration, sumLogDuration } = state;
      for (let i = 0; i < durations.length; i++) {
        if (skip !== null && skip[i] !== 0) continue;
        const duration = durations[i]!;
        const size = sizes[i]!;
        if (size < leastSize) continue;
        if (duration < 1) throw new SchemaError(`durations must be positive, got ${duration}`);
        const g = durationGroup(duration);
        if (size > 0 && size < Infinity) {
          const n = count[g]! + 1;
          count[g] = n;
          const logSize = Math.log(size);
          const logDelta = logSize - meanLogSize[g]!;
          const meanLog = meanLogSize[g]! + logDelta / n;
          meanLogSize[g] = meanLog;
          squares[g]! += logDelta * (logSize - meanLog);
          const delta = size - meanSize[g]!;
          const mean = meanSize[g]! + delta / n;
          meanSize[g] = mean;
          sizeSquares[g]! += delta * (size - mean);
        } else if (size - size === 0) {
          state.nonPositive++;
          joinRest(state, g, 1, size, 0);
        } else {
          state.nonFinite++;
          continue;
        }
        if (duration >= exactDurations) {
          sumDuration[g]! += duration;
          sumLogDuration[g]! += Math.log(duration);
        }
      }
      return state;
    },
    merge(into, other) {
      if (other.count.length > 0) reach(into, other.count.length - 1);
      for (let g = 0; g < other.count.length; g++) {
        into.sumDuration[g]! += other.sumDuration[g]!;
        into.sumLogDuration[g]! += other.sumLogDuration[g]!;
        const added = other.count[g]!;
        if (added === 0) continue;
        const had = into.count[g]!;
        const n = had + added;
        const apart = other.meanSize[g]! - into.meanSize[g]!;
        into.sizeSquares[g]! += other.sizeSquares[g]! + apart * apart * ((had * added) / n);
        into.meanSize[g] = had === 0 ? other.meanSize[g]! : into.meanSize[g]! + apart * (added / n);
        const delta = other.meanLogSize[g]! - into.meanLogSize[g]!;
        into.squares[g]! += other.squares[g]! + delta * delta * ((had * added) / n);
        into.meanLogSize[g] = had === 0 ? other.meanLogSize[g]! : into.meanLogSize[g]! + delta * (added / n);
        into.count[g] = n;
      }
      for (let g = 0; g < other.restCount.length; g++) {
        const n = other.restCount[g]!;
        if (n > 0) joinRest(into, g, n, other.restMean[g]!, other.restSquares[g]!);
      }
      into.nonFinite += other.nonFinite;
      into.nonPositive += other.nonPositive;
      return into;
    },
    release(state, take = outgrown) {
      for (const name of [...columns, ...restColumns]) take(state[name]);
    },
    finish: resultOf,
  };
}

/** Plain loops: hundreds of halves of the data are finished where errors are asked for. */
function resultOf(state: ScalingState, spare?: ScalingResult): ScalingResult {
  const { count, meanSize, sizeSquares, meanLogSize, squares, restCount, restMean, restSquares } = state;
  let rows = 0;
  for (let g = 0; g < count.length; g++) if (count[g]! + (restCount[g] ?? 0) > 0) rows++;
  const column = (known: Float64Array | undefined): Float64Array => memoryFor(rows, known);
  const result = {
    duration: column(spare?.duration),
    logDuration: column(spare?.logDuration),
    lower: column(spare?.lower),
    upper: column(spare?.upper),
    count: column(spare?.count),
    logCount: column(spare?.logCount),
    meanSize: column(spare?.meanSize),
    varSize: column(spare?.varSize),
    meanLogSize: column(spare?.meanLogSize),
    varLogSize: column(spare?.varLogSize),
    nonFinite: state.nonFinite,
    nonPositive: state.nonPositive,
  };
  for (let g = 0, i = 0; g < count.length; g++) {
    const own = count[g]!;
    const rest = restCount[g] ?? 0;
    const n = own + rest;
    if (!(n > 0)) continue;
    const exact = g < exactDurations;
    const apart = (rest > 0 ? restMean[g]! : 0) - meanSize[g]!;
    const between = apart ** 2 * own * (rest / n);
    result.duration[i] = exact ? g : state.sumDuration[g]! / n;
    result.logDuration[i] = exact ? Math.log(g) : state.sumLogDuration[g]! / n;
    result.lower[i] = groupStart(g);
    result.upper[i] = groupStart(g + 1);
    result.count[i] = n;
    result.logCount[i] = own;
    result.meanSize[i] = meanSize[g]! + apart * (rest / n);
    result.varSize[i] = (sizeSquares[g]! + (restSquares[g] ?? 0) + between) / (n - 1);
    result.meanLogSize[i] = own > 0 ? meanLogSize[g]! : Number.NaN;
    result.varLogSize[i] = squares[g]! / Math.max(0, own - 1);
    i++;
  }
  return result;
}
