import { minimize } from '../../numeric/minimize.ts';
import { minimizePlane, type Planar, type PlanarMinimum } from '../../numeric/simplex.ts';
import { censoredTerm } from '../censored/share-beyond.ts';
import type { TailPoints } from '../tail-points.ts';

export type AlternativeName = 'exponential' | 'lognormal' | 'stretched_exponential' | 'truncated_power_law';

/** A law fitted to the same tail as the power law, conditioned on the same cutoffs. */
export interface AlternativeFit {
  readonly name: AlternativeName;
  readonly parameters: Readonly<Record<string, number>>;
  /** Of the parameters, from the observed information; NaN where the fit is degenerate. */
  readonly standardErrors: Readonly<Record<string, number>>;
  /** The power law is a special case of the law: the ratio is tested by χ². */
  readonly nested: boolean;
  /** The likelihood has no maximum inside the family: it rises towards a limit, a power law, whose values are given. */
  readonly degenerate: boolean;
  /** ln of the probability (discrete) or density (continuous) at a value. */
  readonly logDensity: (x: number) => number;
  /** ln P(X ≥ x) between the cutoffs. */
  readonly logSurvival: (x: number) => number;
}

/** A law conditioned on the cutoffs. */
export type Law = Pick<AlternativeFit, 'logDensity' | 'logSurvival'>;

/** −Σ weight · ln p / n: what is minimised. */
export function meanLoss(points: TailPoints, { logDensity, logSurvival }: Law): number {
  const { value, weight, n } = points;
  let sum = 0;
  for (let i = 0; i < value.length; i++) sum += weight[i]! * logDensity(value[i]!);
  return -sum / n + censoredLoss(points, logSurvival);
}

/** The part of the loss that values known by a bound have. */
export function censoredLoss({ n, xmax, censored }: TailPoints, logSurvival: Law['logSurvival']): number {
  return censored === undefined ? 0 : -censoredTerm(n, xmax, censored, logSurvival).logLikelihood / n;
}

/**
 * The best exponent − 1 of the limiting power law in a family of integer laws (a binned Pareto law, not the zeta law).
 * @param width ln(upper/lower end): where finite the exponent may be below 1
 */
export function edgeSlope(points: TailPoints, law: (slope: number) => Law, mean: number, width: number): number {
  const low = width === Infinity ? 1e-3 / mean : -50 / width;
  return minimize((slope) => meanLoss(points, law(slope)), low, 50 / mean).x;
}

/** The best of the local minima that are reached from the two best starts. */
export function minimizeFrom(
  loss: (x: number, y: number) => number,
  starts: readonly (readonly [number, number])[],
  step: Planar,
): PlanarMinimum {
  const ranked = starts
    .map(([x, y]) => ({ x, y, value: loss(x, y) }))
    .filter((start) => Number.isFinite(start.value))
    .sort((a, b) => a.value - b.value);
  return ranked
    .slice(0, 2)
    .map((start) => minimizePlane(loss, start, step, 1e-12))
    .reduce((a, b) => (b.value < a.value ? b : a));
}
