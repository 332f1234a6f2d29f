import type { BinnedData } from '../fit/binned-bootstrap.ts';
import type { CensoredSample } from '../fit/censored/sample.ts';
import type { FitOptions } from '../fit/fit-power-law.ts';
import { type GoodnessOfFit, goodnessOfFit } from '../fit/goodness-of-fit.ts';
import type { Sample } from '../fit/ordered-sample.ts';
import type { FitRun } from './parameters.ts';

/**
 * Goodness of fit by bootstrap; undefined where none was asked for.
 * @param repetitions synthetic samples, undefined for none
 * @param of what is fitted, for the progress
 */
export async function bootstrapped(
  sample: Sample | CensoredSample | BinnedData,
  fit: FitOptions,
  repetitions: number | undefined,
  of: string,
  { seed = 1, workers, onProgress, signal }: FitRun,
): Promise<GoodnessOfFit | undefined> {
  if (repetitions === undefined) return undefined;
  return await goodnessOfFit(sample, fit, {
    repetitions,
    seed,
    ...(workers === undefined ? {} : { workers }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress: (done, all) => onProgress(of, done, all) }),
  });
}
