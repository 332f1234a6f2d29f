import { comparisons } from '../crackling/surrogates.ts';
import {
  binRows,
  collapseErrorRowsOf,
  collapseRowsOf,
  distributionRows,
  exponentsRowOf,
  fitRowsOf,
  scalingRowsOf,
} from '../crackling/tables.ts';
import { binsOf } from '../fit/adaptive-bins.ts';
import { kaplanMeier } from '../fit/censored/kaplan-meier.ts';
import { orderCensored } from '../fit/censored/sample.ts';
import { isGrouped, orderSample } from '../fit/ordered-sample.ts';
import { orNull, type Row } from '../schema/rows.ts';
import { sizeColumn } from '../schema/size.ts';
import type { ColumnFit } from './column.ts';
import type { CracklingFit } from './crackling.ts';
import { ensembleOf } from './ensembles.ts';
import { multiple } from './lattice.ts';
import type { Condition } from './rows.ts';

const pointOf = (where: readonly Condition[]): Row => ({
  ensemble: ensembleOf(where),
  width: null,
  weight_variance: null,
  bias_variance: null,
});

/** Fewest values of a bin of the density. */
const leastCount = (n: number): number => Math.max(1, Math.min(100, Math.floor(n / 200)));

/** Rows of the `histogram` table, from steps into the unit of the data. */
function binsInUnit(rows: readonly Row[], step: number): readonly Row[] {
  if (step === 1) return rows;
  return rows.map(({ lower, upper, center, density, ...row }) => ({
    ...row,
    lower: multiple(lower as number, step),
    upper: multiple(upper as number, step),
    center: multiple(center as number, step),
    density: (density as number) / step,
  }));
}

/**
 * A fit of one column as rows of the tables `fit` and `histogram`, and its empirical survival function P(X ≥ value): of censored values the
 * product-limit estimate, and the density that goes with it.
 */
export function columnTables(fit: ColumnFit): {
  readonly fit: readonly Row[];
  readonly histogram: readonly Row[];
  readonly ccdf: readonly Row[];
} {
  const { column, where, held, report } = fit;
  const point = pointOf(where);
  const { histogram, ccdf } = stepTables(fit);
  const { step } = held;
  return {
    fit: fitRowsOf(point, column, report, report.standard_error),
    histogram: binsInUnit(histogram, step),
    ccdf: ccdf.map(({ value, ccdf: share }) => ({ value: multiple(value as number, step), ccdf: share })),
  };
}

/** The same with discrete values, and cutoffs, in numbers of their step: what a figure of laws on integers is drawn from. */
export function stepTables(fit: ColumnFit): ReturnType<typeof columnTables> {
  const { column, where, held, censored, report, stepReport } = fit;
  const point = pointOf(where);
  const fits = fitRowsOf(point, column, stepReport, report.standard_error);
  if (censored !== undefined) {
    const all = kaplanMeier(orderCensored(censored, held.discrete));
    const n = all.countFrom[0]!;
    return {
      fit: fits,
      histogram: binRows(point, column, binsOf(all, leastCount(n))),
      ccdf: Array.from(all.position, (value, j) => ({ value, ccdf: all.countFrom[j]! / n })),
    };
  }
  const { position, countFrom } = orderSample(held.sample, isGrouped(held.sample) ? undefined : held.discrete);
  const n = countFrom[0]!;
  return {
    fit: fits,
    histogram: distributionRows(point, column, held.sample, leastCount(n), held.discrete),
    ccdf: Array.from(position, (value, j) => ({ value, ccdf: countFrom[j]! / n })),
  };
}

/** A crackling analysis as rows of the tables that runs have. */
export function cracklingTables({
  source,
  where,
  size,
  analysis,
  blocked,
  trace,
  table,
  surrogates,
}: CracklingFit): Record<
  'ensemble' | 'histogram' | 'fit' | 'exponents' | 'scaling' | 'collapse' | 'collapse_error' | 'surrogate',
  readonly Row[]
> {
  const { histogram, scaling } = blocked.all;
  const sizeName = sizeColumn[trace?.size ?? 'excess'];
  const point = pointOf(where);
  const least = leastCount(histogram.n);
  const step = (trace ?? table)!.sizeStep;
  const durationStep = table?.durationStep ?? 1;
  const { tau, alpha } = analysis.jackknife.standardError;
  return {
    ensemble: [{ ...point, model: trace?.column ?? source.split('/').at(-1) }],
    histogram: [
      ...binsInUnit(distributionRows(point, sizeName, histogram.size, least), step),
      ...binsInUnit(distributionRows(point, 'duration', histogram.duration, least), durationStep),
    ],
    fit: [...fitRowsOf(point, sizeName, analysis.size, tau), ...fitRowsOf(point, 'duration', analysis.duration, alpha)],
    exponents: [exponentsRowOf(point, size, analysis, blocked.all)],
    scaling: scalingRowsOf(point, scaling).map((row) => ({
      ...row,
      duration: multiple(row.duration, durationStep),
      mean_size: row.mean_size * step,
      var_size: typeof row.var_size === 'number' ? orNull(row.var_size * step * step) : null,
      mean_log_size: typeof row.mean_log_size === 'number' ? row.mean_log_size + Math.log(step) : null,
    })),
    collapse: collapseRowsOf(point, analysis.collapse),
    collapse_error: collapseErrorRowsOf(point, analysis.collapse),
    surrogate: surrogates.flatMap(({ kind, analysis: found }) =>
      comparisons(analysis, found).map((row) => ({
        ensemble: point.ensemble,
        surrogate: kind,
        surrogate_ensemble: null,
        ...row,
      })),
    ),
  };
}
