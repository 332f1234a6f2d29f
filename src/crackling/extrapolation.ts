import { attempt } from '../error.ts';
import type { Measured } from '../fit/crackling-relation.ts';
import { type Approach, type Extrapolation, extrapolateWidth } from '../fit/infinite-width.ts';
import { measuredOf } from '../fit/jackknife.ts';
import { power } from '../numeric/power.ts';
import type { ExtrapolationRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import type { Analysed } from './tables.ts';
import type { MeasuredTriple } from './universality.ts';

interface Point extends Measured {
  readonly width: number;
}

/** What is extrapolated, by column of the `exponents` table. */
const quantities: Readonly<Record<string, (one: Analysed) => Measured>> = {
  tau: ({ exponents }) => measuredOf(exponents.jackknife, 'tau'),
  alpha: ({ exponents }) => measuredOf(exponents.jackknife, 'alpha'),
  gamma_scaling: ({ exponents }) => measuredOf(exponents.jackknife, 'gammaScaling'),
  gamma_collapse: ({ exponents }) => measuredOf(exponents.jackknife, 'gammaCollapse'),
  gamma_predicted: ({ exponents }) => exponents.relation.predicted,
  mismatch: ({ exponents }) => exponents.relation.mismatch,
  branching_ratio: ({ exponents }) => exponents.branching,
  growth_rate: ({ exponents }) => exponents.growth,
};

function extrapolate(
  analysed: readonly Analysed[],
  quantity: string,
  approach: Approach = 'line',
): Extrapolation | undefined {
  const points = analysed.map((one) => ({ width: one.ensemble.width, ...quantities[quantity]!(one) }));
  return attempt(() =>
    extrapolateWidth(
      points.map(({ width }) => width),
      points.map(({ estimate }) => estimate),
      points.map(({ standardError }) => standardError),
      approach,
    ),
  );
}

/**
 * Rows of the `extrapolation` table: exponents, the predicted γ, the mismatch of the crackling relation, branching ratio and growth rate at 1/N → 0,
 * by a line in 1/N and, with four widths or more, with a term in 1/√N too.
 */
export function extrapolationRows(analysed: readonly Analysed[]): ExtrapolationRow[] {
  return (['line', 'root'] as const).flatMap((approach) =>
    Object.keys(quantities).flatMap((exponent) => {
      const found = extrapolate(analysed, exponent, approach);
      if (found === undefined) return [];
      return [
        {
          exponent,
          approach,
          intercept: found.limit,
          intercept_error: found.scaledError,
          statistical_error: found.standardError,
          slope: found.slope,
          slope_error: found.slopeError,
          root: orNull(found.root),
          root_error: orNull(found.rootError),
          chi_square: found.chiSquare,
          degrees_of_freedom: found.degreesOfFreedom,
        },
      ];
    }),
  );
}

/** Weights of the intercept of a weighted line: intercept = Σ weight·y. */
function interceptWeights(points: readonly Point[]): number[] {
  const w = points.map(({ standardError }) => power(standardError, -2));
  const x = points.map(({ width }) => 1 / width);
  const total = w.reduce((sum, each) => sum + each, 0);
  const mean = w.reduce((sum, each, i) => sum + (each * x[i]!) / total, 0);
  const spread = w.reduce((sum, each, i) => sum + each * (x[i]! - mean) ** 2, 0);
  return w.map((each, i) => each * (1 / total - (mean * (x[i]! - mean)) / spread));
}

/**
 * (τ, α, γ) extrapolated to infinite width with their covariance: intercepts are linear in the exponents of the widths, which are
 * independent of each other; where an exponent scatters about its line by more than its errors, its errors are scaled as in the
 * `extrapolation` table. Undefined where a width lacks an exponent or its error, or there are fewer than two widths.
 */
export function extrapolatedTriple(analysed: readonly Analysed[]): MeasuredTriple | undefined {
  const columns = ['tau', 'alpha', 'gamma_scaling'] as const;
  const found = columns.map((column) => extrapolate(analysed, column));
  const points = columns.map((column) =>
    analysed.map((one) => ({ width: one.ensemble.width, ...quantities[column]!(one) })),
  );
  const sound = points.flat().every(({ estimate, standardError }) => Number.isFinite(estimate) && standardError > 0);
  const [tau, alpha, gamma] = found;
  if (!sound || tau === undefined || alpha === undefined || gamma === undefined) return undefined;
  const weights = points.map(interceptWeights);
  const scale = [tau, alpha, gamma].map(({ scaledError, standardError }) => scaledError / standardError);
  const covariance = columns.map((_, i) =>
    columns.map(
      (__, j) =>
        analysed.reduce(
          (sum, { exponents }, n) => sum + weights[i]![n]! * weights[j]![n]! * exponents.jackknife.covariance[i]![j]!,
          0,
        ) *
        scale[i]! *
        scale[j]!,
    ),
  );
  return { tau: tau.limit, alpha: alpha.limit, gamma: gamma.limit, covariance };
}
