import type { RecordBatch } from 'apache-arrow';
import { type BlocksResult, blocks } from '../reduce/blocks.ts';
import { type BranchingResult, branching } from '../reduce/branching.ts';
import { type CollapseResult, collapse } from '../reduce/collapse.ts';
import { type GrowthResult, growth } from '../reduce/growth.ts';
import { type HistogramResult, histogram } from '../reduce/histogram.ts';
import { only } from '../reduce/only.ts';
import type { Reducer } from '../reduce/reducer.ts';
import { type ScalingResult, scaling } from '../reduce/scaling.ts';
import { type SpectrumResult, spectrum } from '../reduce/spectrum.ts';
import { together } from '../reduce/together.ts';
import { tableOf } from '../schema/batch.ts';
import type { SizeKind } from '../schema/size.ts';

/** Sufficient statistics of the crackling analysis. */
export interface Statistics {
  readonly histogram: HistogramResult;
  readonly scaling: ScalingResult;
  readonly collapse: CollapseResult;
  /** Its ratio is NaN where the stream carries no `branching` batches. */
  readonly branching: BranchingResult;
  /** Its rate is NaN where the stream carries no `growth` batches. */
  readonly growth: GrowthResult;
  /** Without frequencies where the stream carries no `energy_spectrum` batches. */
  readonly spectrum: SpectrumResult;
}

/** Statistics in jackknife blocks of networks. */
export type BlockedStatistics = BlocksResult<Statistics>;

/** Which statistics are wanted of `avalanche` batches. */
export interface StatisticsOptions {
  /** Points of the grid of the profiles; 0 where avalanches come without. */
  readonly profilePoints: number;
  /** Which of the two sizes; the profiles must be of it too. Default: the excess. */
  readonly size?: SizeKind;
  readonly discreteSize?: boolean;
  /** Whether censored avalanches count in the distributions and against duration; default `skip`. They have no shape. */
  readonly censored?: 'skip' | 'count';
  /** Smallest size that counts in the sizes against durations. */
  readonly scalingSizeMin?: number;
  /** Whether batches without profiles are left out of the collapse; by default they are an error. */
  readonly unprofiled?: boolean;
}

const isBranching = (batch: RecordBatch): boolean => tableOf(batch) === 'branching';
const isGrowth = (batch: RecordBatch): boolean => tableOf(batch) === 'growth';
const isSpectrum = (batch: RecordBatch): boolean => tableOf(batch) === 'energy_spectrum';
// A user's own stage may have made batches without metadata.
const isAvalanche = (batch: RecordBatch): boolean => (tableOf(batch) ?? 'avalanche') === 'avalanche';

const isProfiled = (batch: RecordBatch): boolean => batch.schema.fields.some(({ name }) => name === 'profile');

/**
 * The statistics of `avalanche` batches, with mean shapes if there is a grid of points for their profiles, the branching ratio of
 * `branching` batches and the growth rate of `growth` batches.
 */
export function statisticsReducer(options: StatisticsOptions) {
  const {
    profilePoints: grid,
    size = 'excess',
    discreteSize = false,
    censored = 'skip',
    scalingSizeMin = 0,
    unprofiled = false,
  } = options;
  const shapes = grid > 0 ? collapse({ grid, size }) : noProfiles;
  return together({
    histogram: only(isAvalanche, histogram({ size, discreteSize, censored })),
    scaling: only(
      isAvalanche,
      scaling({ size, censored, ...(scalingSizeMin > 0 ? { leastSize: scalingSizeMin } : {}) }),
    ),
    collapse: only((batch) => isAvalanche(batch) && !(unprofiled && !isProfiled(batch)), shapes),
    branching: only(isBranching, branching()),
    growth: only(isGrowth, growth()),
    spectrum: only(isSpectrum, spectrum()),
  });
}

const none = new Float64Array(0);

/** Stands for the collapse where avalanches come without profiles. */
const noProfiles: Reducer<null, CollapseResult> = {
  name: 'no-profiles',
  init: () => null,
  step: () => null,
  merge: () => null,
  finish: () => ({
    x: none,
    duration: none,
    lower: none,
    upper: none,
    count: none,
    strength: none,
    nonFinite: 0,
  }),
};

/** Folds `avalanche` batches into distributions, size against duration and mean shapes, `branching` and `growth` batches, all in jackknife blocks. */
export function cracklingReducer(options: StatisticsOptions & { readonly blocks: number }) {
  return { ...blocks(statisticsReducer(options), options.blocks), reads: ['avalanche'] };
}
