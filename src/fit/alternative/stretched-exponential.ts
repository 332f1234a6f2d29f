import { log1mexp } from '../../numeric/log-probability.ts';
import { minimize } from '../../numeric/minimize.ts';
import { rateOfMean, truncatedExponential } from '../../numeric/truncated-exponential.ts';
import type { PowerLaw } from '../power-law.ts';
import type { TailPoints } from '../tail-points.ts';
import { errorsAt, noErrors } from './errors.ts';
import { type AlternativeFit, edgeSlope, type Law, meanLoss, minimizeFrom } from './law.ts';

/**
 * P(X ≥ x) ∝ e^{−(λx)^β} conditioned on the cutoffs; on the integers the mass of (k − ½, k + ½). In y = ln(x/x₀), x₀ the
 * lower end, P(X ≥ x) = e^{−H(y)} with H = g(e^{βy} − 1)/β, g = β(λx₀)^β its slope at x₀: the edge β = 0 is the power
 * law with exponent 1 + g.
 */
export function fitStretchedExponential(points: TailPoints, powerLaw: PowerLaw): AlternativeFit {
  const { discrete, xmin, xmax, meanLog, n } = points;
  const from = discrete ? xmin - 0.5 : xmin;
  const to = discrete ? xmax + 0.5 : xmax;
  const origin = Math.log(from);
  const mean = discrete ? meanLog + Math.log(xmin) - origin : meanLog;
  const law = (g: number, beta: number): Law => stretchedLaw(discrete, g, beta, origin, Math.log(to / from));

  // With an xmax a falling density needs g > 0, which a power law with exponent below 1 hasn't.
  const slope = discrete ? edgeSlope(points, (g) => law(g, 0), mean, Infinity) : powerLaw.exponent - 1;
  const lossAtEdge = slope > 0 ? meanLoss(points, law(slope, 0)) : Infinity;
  const inside =
    discrete || points.censored !== undefined
      ? best(points, origin, (g, beta) => meanLoss(points, law(g, beta)))
      : bestContinuous(points, origin, Math.log(to / from));
  if ((lossAtEdge - inside.loss) * n < 1e-6) {
    const parameters = { beta: 0, log_lambda: Infinity, exponent: 1 + slope };
    return {
      name: 'stretched_exponential',
      parameters,
      standardErrors: noErrors(parameters),
      nested: false,
      degenerate: true,
      ...law(slope, 0),
    };
  }
  const { g, beta } = inside;
  const parametersAt = (logG: number, logBeta: number) => ({
    beta: Math.exp(logBeta),
    log_lambda: (logG - logBeta) / Math.exp(logBeta) - origin,
  });
  return {
    name: 'stretched_exponential',
    parameters: parametersAt(Math.log(g), Math.log(beta)),
    standardErrors: errorsAt(
      ([logG, logBeta]) => meanLoss(points, law(Math.exp(logG!), Math.exp(logBeta!))),
      [Math.log(g), Math.log(beta)],
      n,
      ([logG, logBeta]) => parametersAt(logG!, logBeta!),
    ),
    nested: false,
    degenerate: false,
    ...law(g, beta),
  };
}

interface Optimum {
  readonly g: number;
  readonly beta: number;
  readonly loss: number;
}

/** Values of β·mean(y) that the search starts from. */
const SHARES = [1e-5, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1, 2, 5, 20];

/** The mean of h(y) = (e^{βy} − 1)/β as a function of β. */
function meanOfH(points: TailPoints, origin: number): (beta: number) => number {
  const { weight, n } = points;
  const y = points.value.map((x) => Math.log(x) - origin);
  return (beta) => {
    let sum = 0;
    for (let i = 0; i < y.length; i++) sum += weight[i]! * Math.expm1(beta * y[i]!);
    return sum / (beta * n);
  };
}

function best(points: TailPoints, origin: number, loss: (g: number, beta: number) => number): Optimum {
  const mean = points.meanLog + Math.log(points.xmin) - origin;
  const h = meanOfH(points, origin);
  const starts = SHARES.map((share) => [-Math.log(h(share / mean)), Math.log(share / mean)] as const);
  const found = minimizeFrom((logG, logBeta) => loss(Math.exp(logG), Math.exp(logBeta)), starts, { x: 0.2, y: 0.5 });
  return { g: Math.exp(found.x), beta: Math.exp(found.y), loss: found.value };
}

/** In h the continuous law is exponential with rate g, so that the best g for a β is known and β alone is searched. */
function bestContinuous(points: TailPoints, origin: number, width: number): Optimum {
  const mean = points.meanLog;
  const h = meanOfH(points, origin);
  const at = (logBeta: number): Optimum => {
    const beta = Math.exp(logBeta);
    const middle = h(beta);
    const end = Math.expm1(beta * width) / beta;
    if (!(middle < Infinity)) return { g: 0, beta, loss: Infinity };
    const g = Math.max(rateOfMean(middle, end), 1e-9 / middle);
    const { logNormaliser } = truncatedExponential(g, end);
    return { g, beta, loss: g * middle + logNormaliser + (1 - beta) * mean + origin };
  };
  const knots = SHARES.map((share) => Math.log(share / mean));
  const losses = knots.map((knot) => at(knot).loss);
  // Values that all lie far above the lower end ask for a β beyond any share of their mean.
  while (losses.at(-1)! < losses.at(-2)!) {
    const next = knots.at(-1)! + Math.LN2;
    knots.push(next);
    losses.push(at(next).loss);
  }
  const lowest = losses.indexOf(Math.min(...losses));
  const [low, high] = [knots[Math.max(lowest - 1, 0)]!, knots[Math.min(lowest + 1, knots.length - 1)]!];
  return at(minimize((logBeta) => at(logBeta).loss, low, high, 1e-8).x);
}

function stretchedLaw(discrete: boolean, g: number, beta: number, origin: number, width: number): Law {
  const hazard = (y: number): number => (beta === 0 ? g * y : (g * Math.expm1(beta * y)) / beta);
  const logNormaliser = width === Infinity ? 0 : log1mexp(-hazard(width));
  const logSurvival = (x: number): number => {
    const y = Math.log(discrete ? x - 0.5 : x) - origin;
    const rest = width === Infinity ? 0 : log1mexp(-Math.exp(beta * y) * hazard(width - y));
    return -hazard(y) + rest - logNormaliser;
  };
  if (!discrete) {
    const logDensity = (x: number): number => {
      const y = Math.log(x) - origin;
      return Math.log(g) + beta * y - hazard(y) - logNormaliser - y - origin;
    };
    return { logDensity, logSurvival };
  }
  const logDensity = (k: number): number => {
    const y = Math.log(k - 0.5) - origin;
    const step = Math.exp(beta * y) * hazard(Math.log1p(1 / (k - 0.5)));
    return -hazard(y) + log1mexp(-step) - logNormaliser;
  };
  return { logDensity, logSurvival };
}
