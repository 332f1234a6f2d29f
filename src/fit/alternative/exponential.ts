import { findRoot } from '../../numeric/find-root.ts';
import { minimize } from '../../numeric/minimize.ts';
import { rateOfMean, truncatedExponential } from '../../numeric/truncated-exponential.ts';
import type { TailPoints } from '../tail-points.ts';
import { errorsAt } from './errors.ts';
import { type AlternativeFit, censoredLoss } from './law.ts';

/** p(x) ∝ e^{−λx} on [xmin, xmax], geometric on the integers. With an xmax the rate may have either sign. */
export function fitExponential(points: TailPoints): AlternativeFit {
  const { discrete, xmin, xmax, value, weight, n, censored } = points;
  let sum = 0;
  for (let i = 0; i < value.length; i++) sum += weight[i]! * (value[i]! - xmin);
  // Without an upper cutoff the law has no memory: a bound adds what it has lasted.
  if (censored !== undefined && xmax === Infinity) {
    for (let j = 0; j < censored.bound.length; j++) sum += censored.weight[j]! * (censored.bound[j]! - xmin);
  }
  const mean = sum / n;
  const step = discrete ? 1 : 0;
  const logSurvival = (rate: number) => {
    const whole = truncatedExponential(rate, xmax - xmin + step).logNormaliser;
    return (x: number): number => truncatedExponential(rate, xmax - x + step).logNormaliser - rate * (x - xmin) - whole;
  };
  const normaliser = (rate: number): number =>
    discrete
      ? truncatedExponential(rate, xmax - xmin + 1).logNormaliser - truncatedExponential(rate, 1).logNormaliser
      : truncatedExponential(rate, xmax - xmin).logNormaliser;
  const loss = (rate: number): number =>
    rate * mean + normaliser(rate) + (xmax === Infinity ? 0 : censoredLoss(points, logSurvival(rate)));
  const plain = discrete ? geometricRate(mean, xmax - xmin) : rateOfMean(mean, xmax - xmin);
  const lambda =
    censored === undefined || xmax === Infinity ? plain : minimize(loss, plain - 50 / (xmax - xmin), plain, 1e-12).x;
  const logNormaliser = normaliser(lambda);
  return {
    name: 'exponential',
    parameters: { lambda },
    // In the unit of the mean, so that rates of any magnitude have an error.
    standardErrors: errorsAt(
      ([rate]) => loss(rate! / mean),
      [lambda * mean],
      n,
      ([rate]) => ({ lambda: rate! / mean }),
    ),
    nested: false,
    degenerate: false,
    logDensity: (x) => -lambda * (x - xmin) - logNormaliser,
    logSurvival: logSurvival(lambda),
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
