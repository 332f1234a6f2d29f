import { findRoot } from '../../numeric/find-root.ts';
import { rateOfMean, truncatedExponential } from '../../numeric/truncated-exponential.ts';
import type { TailPoints } from '../tail-points.ts';
import { errorsAt } from './errors.ts';
import type { AlternativeFit } from './law.ts';

/** p(x) ∝ e^{−λx} on [xmin, xmax], geometric on the integers. With an xmax the rate may have either sign. */
export function fitExponential(points: TailPoints): AlternativeFit {
  const { discrete, xmin, xmax, value, weight, n } = points;
  let sum = 0;
  for (let i = 0; i < value.length; i++) sum += weight[i]! * (value[i]! - xmin);
  const mean = sum / n;
  const lambda = discrete ? geometricRate(mean, xmax - xmin) : rateOfMean(mean, xmax - xmin);
  const normaliser = (rate: number): number =>
    discrete
      ? truncatedExponential(rate, xmax - xmin + 1).logNormaliser - truncatedExponential(rate, 1).logNormaliser
      : truncatedExponential(rate, xmax - xmin).logNormaliser;
  const logNormaliser = normaliser(lambda);
  return {
    name: 'exponential',
    parameters: { lambda },
    // In the unit of the mean, so that rates of any magnitude have an error.
    standardErrors: errorsAt(
      ([rate]) => rate! + normaliser(rate! / mean),
      [lambda * mean],
      n,
      ([rate]) => ({ lambda: rate! / mean }),
    ),
    nested: false,
    degenerate: false,
    logDensity: (x) => -lambda * (x - xmin) - logNormaliser,
  };
}

/** A continuous exponential on [0, m + 1] is a geometric integer part and an independent exponential fraction on [0, 1]. */
function geometricRate(mean: number, most: number): number {
  if (most === Infinity) return Math.log1p(1 / mean);
  const excess = (rate: number): number =>
    truncatedExponential(rate, most + 1).mean - truncatedExponential(rate, 1).mean - mean;
  let reach = 1 / (most + 1);
  while (excess(reach) > 0 || excess(-reach) < 0) reach *= 2;
  return findRoot(excess, -reach, reach);
}
