import { type LogConcave, logConcaveIntegral } from '../../numeric/log-concave-integral.ts';
import { log1mexp, logErfcx } from '../../numeric/log-probability.ts';
import { gaussLegendre } from '../../numeric/quadrature.ts';
import type { PowerLaw } from '../power-law.ts';
import type { TailPoints } from '../tail-points.ts';
import { errorsAt, noErrors } from './errors.ts';
import { type AlternativeFit, censoredLoss, edgeSlope, type Law, meanLoss, minimizeFrom } from './law.ts';

/**
 * A lognormal conditioned on the cutoffs; on the integers the mass of (k − ½, k + ½). In y = ln(x/x₀), x₀ the lower end,
 * its density is ∝ e^{−ay − by²/2} with b = 1/σ², a = (ln x₀ − μ)/σ²: an exponential family with a well-conditioned
 * local exponent a, whose edge b = 0 is the power law. Continuous unbounded data whose ln(x/xmin) has a coefficient of
 * variation ≥ 1 are there: μ → −∞, reported as degenerate.
 */
export function fitLognormal(points: TailPoints, powerLaw: PowerLaw): AlternativeFit {
  const { discrete, xmin, xmax, meanLog, meanSquareLog } = points;
  const from = discrete ? xmin - 0.5 : xmin;
  const to = discrete ? xmax + 0.5 : xmax;
  const origin = Math.log(from);
  const mean = discrete ? meanLog + Math.log(xmin) - origin : meanLog;
  const variance = meanSquareLog - meanLog * meanLog;
  const square = variance + mean * mean;
  const width = Math.log(to / from);
  const law = (a: number, b: number): Law => ({
    logDensity: lognormalDensity(discrete, a, b, origin, width),
    logSurvival: lognormalSurvival(discrete, a, b, origin, width),
  });

  const slope = discrete ? edgeSlope(points, (a) => law(a, 0), mean, width) : powerLaw.exponent - 1;
  // Continuous data enter by their first two moments of y alone.
  const loss = (a: number, b: number): number =>
    discrete
      ? meanLoss(points, law(a, b))
      : a * mean +
        (b * square) / 2 +
        logNormaliser(a, b, width) +
        mean +
        origin +
        censoredLoss(points, law(a, b).logSurvival);
  const lossAtEdge = loss(slope, 0);
  const pareto = !discrete && xmax === Infinity && points.censored === undefined && square >= 2 * mean * mean;
  const starts: [number, number][] = [
    [0.95 / mean, Math.log(1e-3 / square)],
    [0.9 / mean, Math.log(0.03 / square)],
    [0.7 / mean, Math.log(0.3 / square)],
    [0, Math.log(1 / square)],
    [-mean / variance, -Math.log(variance)],
    [slope, Math.log(1e-2 / square)],
    [slope / 2, Math.log(0.1 / square)],
  ];
  const inside = pareto
    ? undefined
    : minimizeFrom((a, logB) => loss(a, Math.exp(logB)), starts, { x: 0.2 / mean, y: 0.7 });
  const gain = inside === undefined ? -Infinity : (lossAtEdge - inside.value) * points.n;
  if (inside === undefined || gain < 1e-6) {
    const parameters = { mu: -Infinity, sigma: Infinity, exponent: slope + 1 };
    return {
      name: 'lognormal',
      parameters,
      standardErrors: noErrors(parameters),
      nested: false,
      degenerate: true,
      ...law(slope, 0),
    };
  }
  const b = Math.exp(inside.y);
  const parametersAt = (a: number, logB: number) => ({
    mu: origin - a / Math.exp(logB),
    sigma: Math.exp(-logB / 2),
  });
  return {
    name: 'lognormal',
    parameters: parametersAt(inside.x, inside.y),
    standardErrors: errorsAt(
      ([a, logB]) => loss(a!, Math.exp(logB!)),
      [inside.x, inside.y],
      points.n,
      ([a, logB]) => parametersAt(a!, logB!),
    ),
    nested: false,
    degenerate: false,
    ...law(inside.x, b),
  };
}

/** ln ∫_y^∞ e^{−at − bt²/2} dt. */
function logTail(a: number, b: number, y: number): number {
  if (b === 0) return -Math.log(a) - a * y;
  return 0.5 * Math.log(Math.PI / (2 * b)) + logErfcx((a + b * y) / Math.sqrt(2 * b)) - a * y - (b * y * y) / 2;
}

function logNormaliser(a: number, b: number, width: number): number {
  if (width === Infinity) return logTail(a, b, 0);
  return logConcaveIntegral(exponentOf(a, b), 0, width);
}

const exponentOf = (a: number, b: number): LogConcave => ({
  h: (u) => -a * u - (b * u * u) / 2,
  slope: (u) => -a - b * u,
  curvature: () => -b,
  scale: Infinity,
});

function lognormalDensity(
  discrete: boolean,
  a: number,
  b: number,
  origin: number,
  width: number,
): (x: number) => number {
  const whole = logNormaliser(a, b, width);
  if (!discrete) {
    return (x) => {
      const y = Math.log(x) - origin;
      return -a * y - (b * y * y) / 2 - whole - y - origin;
    };
  }
  return (k) => logMass(a, b, Math.log(k - 0.5) - origin, Math.log1p(1 / (k - 0.5))) - whole;
}

/** ln P(X ≥ x), for integers from their lower ends on. */
function lognormalSurvival(
  discrete: boolean,
  a: number,
  b: number,
  origin: number,
  width: number,
): (x: number) => number {
  const whole = logNormaliser(a, b, width);
  return (x) => {
    const y = Math.log(discrete ? x - 0.5 : x) - origin;
    return (width === Infinity ? logTail(a, b, y) : logConcaveIntegral(exponentOf(a, b), y, width)) - whole;
  };
}

/** ln ∫ e^{−at − bt²/2} dt over [y, y + bin], by whichever way keeps the digits. */
function logMass(a: number, b: number, y: number, bin: number): number {
  const middle = y + bin / 2;
  const slope = a + b * middle;
  if (Math.abs(slope) * bin < 1 && b * bin * bin < 1) {
    const rule = gaussLegendre(6);
    let sum = 0;
    for (let i = 0; i < 6; i++) {
      const t = (bin / 2) * rule.nodes[i]!;
      sum += rule.weights[i]! * Math.exp(-slope * t - (b * t * t) / 2);
    }
    return -a * middle - (b * middle * middle) / 2 + Math.log((sum * bin) / 2);
  }
  if (a + b * y > 0) {
    const here = logTail(a, b, y);
    return here + log1mexp(logTail(a, b, y + bin) - here);
  }
  return logConcaveIntegral(exponentOf(a, b), y, y + bin);
}
