import { logPowerIntegral, logTemperedSum } from '../../numeric/incomplete-power.ts';
import type { PowerLaw } from '../power-law.ts';
import type { TailPoints } from '../tail-points.ts';
import { errorsAt, noErrors } from './errors.ts';
import { type AlternativeFit, minimizeFrom } from './law.ts';

/**
 * p(x) ∝ x^{−α} e^{−λx} on [xmin, xmax], λ ≥ 0, any real α: an exponential family in (ln x, x), so its likelihood is
 * concave and needs nothing but the two means. λ = 0 is the power law: where the likelihood is highest there, the fit is
 * degenerate.
 */
export function fitTruncatedPowerLaw(points: TailPoints, powerLaw: PowerLaw): AlternativeFit {
  const { discrete, xmin, xmax, value, weight, n, meanLog } = points;
  let sum = 0;
  for (let i = 0; i < value.length; i++) sum += weight[i]! * value[i]!;
  const mean = sum / n;
  const logMean = meanLog + Math.log(xmin);
  const logNormaliser = (alpha: number, lambda: number): number =>
    discrete ? logTemperedSum(alpha, lambda, xmin, xmax) : logPowerIntegral(alpha, lambda, xmin, xmax);
  const loss = (alpha: number, logLambda: number): number => {
    const lambda = Math.exp(logLambda);
    return alpha * logMean + lambda * mean + logNormaliser(alpha, lambda);
  };
  const top = powerLaw.exponent;
  const largest = value[value.length - 1]!;
  const starts: [number, number][] = [];
  for (const alpha of [top, top - 0.05, top - 0.2, top - 0.5, 0.5, 0, -1]) {
    for (const scale of [
      0.01 / largest,
      0.1 / largest,
      1 / largest,
      5 / largest,
      0.3 / mean,
      1 / mean,
      1 / (mean - xmin),
    ]) {
      starts.push([alpha, Math.log(scale)]);
    }
  }
  const inside = minimizeFrom(loss, starts, 0.1, 0.7);
  const lossAtEdge = top * logMean + logNormaliser(top, 0);
  const degenerate = (lossAtEdge - inside.value) * n < 1e-6;
  const alpha = degenerate ? top : inside.x;
  const lambda = degenerate ? 0 : Math.exp(inside.y);
  const whole = logNormaliser(alpha, lambda);
  const parameters = { alpha, lambda };
  return {
    name: 'truncated_power_law',
    parameters,
    standardErrors: degenerate
      ? noErrors(parameters)
      : errorsAt(
          ([a, logLambda]) => loss(a!, logLambda!),
          [alpha, inside.y],
          n,
          ([a, logLambda]) => ({ alpha: a!, lambda: Math.exp(logLambda!) }),
        ),
    nested: true,
    degenerate,
    logDensity: (x) => -alpha * Math.log(x) - lambda * x - whole,
  };
}
