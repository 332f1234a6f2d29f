import { errorsOfPairs, pairsOfHalves, type TwoSteps } from '../../src/fit/half-samples.ts';
import type { Halves } from '../../src/reduce/halves.ts';

/** Estimates of all data and their errors, in one thread. */
export function halfSampleErrors<Result, Found, K extends string>(
  all: Result,
  halves: Iterable<Halves<Result>>,
  blocks: number,
  steps: TwoSteps<Result, Found, K>,
) {
  const found = steps.find(all);
  return errorsOfPairs(found, steps.estimate(all, found), pairsOfHalves(found, halves, blocks, steps), blocks);
}
