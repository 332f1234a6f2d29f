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

/** Folds `avalanche` batches with profiles into distributions, size against duration, and mean shapes, all in jackknife blocks. */
export function cracklingReducer(options: { readonly profilePoints: number; readonly blocks: number }) {
  const all = together({
    histogram: histogram(),
    scaling: scaling(),
    collapse: collapse({ grid: options.profilePoints }),
  });
  return blocks(all, options.blocks) as unknown as Reducer<unknown, BlockedStatistics>;
}
