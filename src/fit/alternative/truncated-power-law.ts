import { logPowerIntegral, logTemperedSum } from '../../numeric/incomplete-power.ts';
import type { PowerLaw } from '../power-law.ts';
import type { TailPoints } from '../tail-points.ts';
import { errorsAt, noErrors } from './errors.ts';
import { type AlternativeFit, censoredLoss, minimizeFrom } from './law.ts';

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
  const logNormaliser = (alpha: number, lambda: number, from = xmin): number =>
    discrete ? logTemperedSum(alpha, lambda, from, xmax) : logPowerIntegral(alpha, lambda, from, xmax);
  const logSurvival = (alpha: number, lambda: number, whole: number) => (x: number) =>
    logNormaliser(alpha, lambda, x) - whole;
  const lossAt = (alpha: number, lambda: number): number => {
    const whole = logNormaliser(alpha, lambda);
    return (
      alpha * logMean +
      (lambda === 0 ? 0 : lambda * mean) +
      whole +
      censoredLoss(points, logSurvival(alpha, lambda, whole))
    );
  };
  const loss = (alpha: number, logLambda: number): number => lossAt(alpha, Math.exp(logLambda));
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
  const inside = minimizeFrom(loss, starts, { x: 0.1, y: 0.7 });
  const lossAtEdge = lossAt(top, 0);
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
    logSurvival: logSurvival(alpha, lambda, whole),
  };
}
