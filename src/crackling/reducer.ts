import type { RecordBatch } from 'apache-arrow';
import { type BlocksResult, blocks } from '../reduce/blocks.ts';
import { type CollapseResult, collapse } from '../reduce/collapse.ts';
import { type HistogramResult, histogram } from '../reduce/histogram.ts';
import type { Reducer } from '../reduce/reducer.ts';
import { type ScalingResult, scaling } from '../reduce/scaling.ts';
import { together } from '../reduce/together.ts';

/** Sufficient statistics of the crackling analysis. */
export interface Statistics {
  readonly histogram: HistogramResult;
  readonly scaling: ScalingResult;
  readonly collapse: CollapseResult;
}

/** Statistics in jackknife blocks of networks. */
export type BlockedStatistics = BlocksResult<Statistics>;

/** Which statistics are wanted of `avalanche` batches. */
export interface StatisticsOptions {
  /** Points of the grid of the profiles; 0 where avalanches come without. */
  readonly profilePoints: number;
  readonly discreteSize?: boolean;
  /** Whether batches without profiles are left out of the collapse; by default they are an error. */
  readonly unprofiled?: boolean;
}

/** The statistics of `avalanche` batches; those with profiles if there is a grid of points for them. */
export function statisticsReducer(options: StatisticsOptions) {
  const { profilePoints: grid, discreteSize = false, unprofiled = false } = options;
  const shapes = grid > 0 ? collapse({ grid }) : noProfiles;
  return together({
    histogram: histogram({ discreteSize }),
    scaling: scaling(),
    collapse: unprofiled ? profiledOnly(shapes as Reducer<unknown, CollapseResult>) : shapes,
  }) as unknown as Reducer<unknown, Statistics>;
}

/** A reducer that sees only the batches with profiles. */
function profiledOnly<State, Result>(reducer: Reducer<State, Result>): Reducer<State, Result> {
  const profiled = (batch: RecordBatch): boolean => batch.schema.fields.some(({ name }) => name === 'profile');
  return { ...reducer, step: (state, batch) => (profiled(batch) ? reducer.step(state, batch) : state) };
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
    variance: none,
    nonFinite: 0,
  }),
};

/** Folds `avalanche` batches with profiles into distributions, size against duration, and mean shapes, all in jackknife blocks. */
export function cracklingReducer(options: StatisticsOptions & { readonly blocks: number }) {
  return blocks(statisticsReducer(options), options.blocks) as unknown as Reducer<unknown, BlockedStatistics>;
}
