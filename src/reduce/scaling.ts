import { grown } from '../numeric/grown.ts';
import { column } from '../schema/batch.ts';
import { type CensoredOption, skipped } from './censored.ts';
import { durationGroup, exactDurations, groupStart } from './duration-group.ts';
import type { Reducer } from './reducer.ts';

/** Per duration group (index = group), growing with the longest duration: at most 1696 groups, 81 kB. */
export interface ScalingState {
  count: Float64Array;
  sumSize: Float64Array;
  meanLogSize: Float64Array;
  /** Σ (ln S − mean)². */
  squares: Float64Array;
  sumDuration: Float64Array;
  sumLogDuration: Float64Array;
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
  /** ⟨S⟩. */
  readonly meanSize: Float64Array;
  /** ⟨ln S⟩. */
  readonly meanLogSize: Float64Array;
  /** Unbiased variance of ln S; NaN where count is 1. */
  readonly varLogSize: Float64Array;
  /** Avalanches that don't count because their size is NaN or infinite. */
  readonly nonFinite: number;
  /** Avalanches that don't count because their size is ≤ 0 or their duration below 1. */
  readonly nonPositive: number;
}

const columns = ['count', 'sumSize', 'meanLogSize', 'squares', 'sumDuration', 'sumLogDuration'] as const;

function reach(state: ScalingState, group: number): void {
  if (group < state.count.length) return;
  const length = (group | 63) + 1;
  for (const name of columns) state[name] = grown(state[name], length);
}

/**
 * Sizes against durations: the sufficient statistics of the scaling fit ⟨S⟩(D) ~ D^γ. Means and variances by Welford's
 * update and Chan's merge (doi:10.1080/00031305.1983.10483115). Censored rows don't count by default.
 */
export function scaling(options: CensoredOption = {}): Reducer<ScalingState, ScalingResult> {
  return {
    name: 'scaling',
    init: () => ({
      count: new Float64Array(0),
      sumSize: new Float64Array(0),
      meanLogSize: new Float64Array(0),
      squares: new Float64Array(0),
      sumDuration: new Float64Array(0),
      sumLogDuration: new Float64Array(0),
      nonFinite: 0,
      nonPositive: 0,
    }),
    step(state, batch) {
      const durations = column<Int32Array>(batch, 'duration');
      const sizes = column<Float64Array>(batch, 'size');
      const skip = skipped(batch, options);
      let longest = 0;
      for (let i = 0; i < durations.length; i++) if (durations[i]! > longest) longest = durations[i]!;
      reach(state, durationGroup(longest));
      const { count, sumSize, meanLogSize, squares, sumDuration, sumLogDuration } = state;
      for (let i = 0; i < durations.length; i++) {
        if (skip !== null && skip[i] !== 0) continue;
        const duration = durations[i]!;
        const size = sizes[i]!;
        if (!(size > 0 && size < Infinity && duration > 0)) {
          if (size - size === 0) state.nonPositive++;
          else state.nonFinite++;
          continue;
        }
        const g = durationGroup(duration);
        const n = count[g]! + 1;
        const logSize = Math.log(size);
        const delta = logSize - meanLogSize[g]!;
        const mean = meanLogSize[g]! + delta / n;
        count[g] = n;
        meanLogSize[g] = mean;
        squares[g]! += delta * (logSize - mean);
        sumSize[g]! += size;
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
        const added = other.count[g]!;
        if (added === 0) continue;
        const had = into.count[g]!;
        const n = had + added;
        const delta = other.meanLogSize[g]! - into.meanLogSize[g]!;
        into.squares[g]! += other.squares[g]! + delta * delta * ((had * added) / n);
        into.meanLogSize[g] = had === 0 ? other.meanLogSize[g]! : into.meanLogSize[g]! + delta * (added / n);
        into.count[g] = n;
        into.sumSize[g]! += other.sumSize[g]!;
        into.sumDuration[g]! += other.sumDuration[g]!;
        into.sumLogDuration[g]! += other.sumLogDuration[g]!;
      }
      into.nonFinite += other.nonFinite;
      into.nonPositive += other.nonPositive;
      return into;
    },
    finish(state) {
      const groups: number[] = [];
      state.count.forEach((count, g) => {
        if (count > 0) groups.push(g);
      });
      const each = (value: (g: number, n: number) => number) =>
        Float64Array.from(groups, (g) => value(g, state.count[g]!));
      const exact = (g: number) => g < exactDurations;
      return {
        duration: each((g, n) => (exact(g) ? g : state.sumDuration[g]! / n)),
        logDuration: each((g, n) => (exact(g) ? Math.log(g) : state.sumLogDuration[g]! / n)),
        lower: each(groupStart),
        upper: each((g) => groupStart(g + 1)),
        count: each((_, n) => n),
        meanSize: each((g, n) => state.sumSize[g]! / n),
        meanLogSize: each((g) => state.meanLogSize[g]!),
        varLogSize: each((g, n) => state.squares[g]! / (n - 1)),
        nonFinite: state.nonFinite,
        nonPositive: state.nonPositive,
      };
    },
  };
}
