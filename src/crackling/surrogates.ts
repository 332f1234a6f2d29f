import type { Measured } from '../fit/crackling-relation.ts';
import { measuredOf } from '../fit/jackknife.ts';
import type { SurrogateRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import type { Exponents } from './exponents.ts';
import type { Analysed } from './tables.ts';

type Found = Pick<Exponents, 'jackknife' | 'relation'>;

/** What is compared, by column of the `exponents` table. */
const quantities: Readonly<Record<string, (found: Found) => Measured>> = {
  tau: ({ jackknife }) => measuredOf(jackknife, 'tau'),
  alpha: ({ jackknife }) => measuredOf(jackknife, 'alpha'),
  gamma_scaling: ({ jackknife }) => measuredOf(jackknife, 'gammaScaling'),
  gamma_collapse: ({ jackknife }) => measuredOf(jackknife, 'gammaCollapse'),
  gamma_predicted: ({ relation }) => relation.predicted,
};

/** Exponents closer than this are taken for the same: less than what fit windows and finite size move them by. */
const margin = 0.1;

/**
 * What a null model says about an exponent. With enough avalanches any two differ by many errors, with few any two agree: so a difference must be large and
 * certain to count, and agreement must be certain too.
 */
export function surrogateVerdict(measured: Measured, surrogate: Measured): string {
  const difference = Math.abs(measured.estimate - surrogate.estimate);
  const error = Math.hypot(measured.standardError, surrogate.standardError);
  if (!Number.isFinite(difference)) return 'missing in one of them';
  if (difference <= margin && error <= margin) return 'survives in its surrogate';
  if (difference > margin && difference > 2 * error) return 'differs from its surrogate';
  return "can't be told";
}

const none: Measured = { estimate: Number.NaN, standardError: Number.NaN };

/** What a row of the `surrogate` table says of one exponent. */
export type SurrogateComparison = Omit<SurrogateRow, 'ensemble' | 'surrogate' | 'surrogate_ensemble'>;

/** Exponents beside those of a null model; undefined where that has none. */
export function comparisons(original: Found, surrogate: Found | undefined): SurrogateComparison[] {
  return Object.entries(quantities).map(([exponent, of]) => {
    const measured = of(original);
    const nullModel = surrogate === undefined ? none : of(surrogate);
    return {
      exponent,
      measured: orNull(measured.estimate),
      measured_error: orNull(measured.standardError),
      null_model: orNull(nullModel.estimate),
      null_model_error: orNull(nullModel.standardError),
      difference: orNull(measured.estimate - nullModel.estimate),
      difference_error: orNull(Math.hypot(measured.standardError, nullModel.standardError)),
      verdict: surrogateVerdict(measured, nullModel),
    };
  });
}

/** Rows of the `surrogate` table: every null model among the ensembles beside the ensemble that it is made of. */
export function surrogateRows(analysed: readonly Analysed[]): SurrogateRow[] {
  return analysed.flatMap((one) => {
    const { surrogate } = one.ensemble;
    const original = analysed.find(({ ensemble }) => ensemble.index === surrogate?.of);
    if (surrogate === undefined || original === undefined) return [];
    return comparisons(original.exponents, one.exponents).map((row) => ({
      ensemble: original.ensemble.index,
      surrogate: surrogate.kind,
      surrogate_ensemble: one.ensemble.index,
      ...row,
    }));
  });
}
