import { log1mexp } from '../../numeric/log-probability.ts';
import type { PowerLaw } from '../power-law.ts';
import type { TailPoints } from '../tail-points.ts';
import { type AlternativeFit, edgeSlope, meanLoss, minimizeFrom } from './law.ts';

/**
 * P(X ≥ x) ∝ e^{−(λx)^β} conditioned on the cutoffs; on the integers the mass of (k − ½, k + ½). In y = ln(x/x₀), x₀ the lower end,
 * P(X ≥ x) = e^{−H(y)} with H = g(e^{βy} − 1)/β, g = β(λx₀)^β its slope at x₀: the edge β = 0 is the power law with exponent 1 + g.
 */
export function fitStretchedExponential(points: TailPoints, powerLaw: PowerLaw): AlternativeFit {
  const { discrete, xmin, xmax, meanLog, value, weight, n } = points;
  const from = discrete ? xmin - 0.5 : xmin;
  const to = discrete ? xmax + 0.5 : xmax;
  const origin = Math.log(from);
  const mean = discrete ? meanLog + Math.log(xmin) - origin : meanLog;
  const density = (g: number, beta: number) => stretchedDensity(discrete, g, beta, origin, Math.log(to / from));

  // With an xmax a falling density needs g > 0, which a power law with exponent below 1 hasn't.
  const slope = discrete ? edgeSlope(points, (g) => density(g, 0), mean, Infinity) : powerLaw.exponent - 1;
  const lossAtEdge = slope > 0 ? meanLoss(points, density(slope, 0)) : Infinity;
  const starts: [number, number][] = [0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1, 2, 5].map((share) => {
    const beta = share / mean;
    // Unbounded continuous data give g for a known β in closed form.
    let sum = 0;
    for (let i = 0; i < value.length; i++) sum += weight[i]! * Math.expm1(beta * (Math.log(value[i]!) - origin));
    return [Math.log((beta * n) / sum), Math.log(beta)];
  });
  const inside = minimizeFrom(
    (logG, logBeta) => meanLoss(points, density(Math.exp(logG), Math.exp(logBeta))),
    starts,
    0.2,
    0.5,
  );
  if ((lossAtEdge - inside.value) * n < 1e-6) {
    return {
      name: 'stretched_exponential',
      parameters: { beta: 0, log_lambda: Infinity, exponent: 1 + slope },
      nested: false,
      degenerate: true,
      logDensity: density(slope, 0),
    };
  }
  const g = Math.exp(inside.x);
  const beta = Math.exp(inside.y);
  return {
    name: 'stretched_exponential',
    parameters: { beta, log_lambda: Math.log(g / beta) / beta - origin },
    nested: false,
    degenerate: false,
    logDensity: density(g, beta),
  };
}

function stretchedDensity(
  discrete: boolean,
  g: number,
  beta: number,
  origin: number,
  width: number,
): (x: number) => number {
  const hazard = (y: number): number => (beta === 0 ? g * y : (g * Math.expm1(beta * y)) / beta);
  const logNormaliser = width === Infinity ? 0 : log1mexp(-hazard(width));
  if (!discrete) {
    return (x) => {
      const y = Math.log(x) - origin;
      return Math.log(g) + beta * y - hazard(y) - logNormaliser - y - origin;
    };
  }
  return (k) => {
    const y = Math.log(k - 0.5) - origin;
    const step = Math.exp(beta * y) * hazard(Math.log1p(1 / (k - 0.5)));
    return -hazard(y) + log1mexp(-step) - logNormaliser;
  };
}
