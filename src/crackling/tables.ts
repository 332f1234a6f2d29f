import { adaptiveBins } from '../fit/adaptive-bins.ts';
import type { FitReport } from '../fit/fit-power-law.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { EnsembleResult } from '../pipeline.ts';
import type { GroupedSample } from '../reduce/grouped.ts';
import type { Exponents } from './exponents.ts';
import type { CracklingValues } from './parameters.ts';
import type { BlockedStatistics } from './reducer.ts';

type Row = Record<string, unknown>;

/** One ensemble with what was counted and what was found. */
export interface Analysed extends EnsembleResult<BlockedStatistics> {
  readonly exponents: Exponents;
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** The columns that every table repeats, so that one file can be plotted without a join. */
export function pointOf(ensemble: Ensemble): Row {
  return {
    ensemble: ensemble.index,
    width: ensemble.width,
    weight_variance: ensemble.weightVariance,
    bias_variance: ensemble.biasVariance,
  };
}

/** Row of the `ensemble` table. */
export function ensembleRow({ ensemble, counts }: EnsembleResult<unknown>, engine: string): Row {
  return {
    ...pointOf(ensemble),
    activation: ensemble.activation,
    depth: ensemble.depth,
    input_norm: ensemble.inputStrength * Math.sqrt(ensemble.width),
    engine,
    reuse: ensemble.reuse,
    perturbations: counts.perturbations,
    valid: counts.valid,
    dead: counts.dead,
    censored: counts.censored,
    non_finite: counts.nonFinite,
  };
}

function distributionRows(ensemble: Ensemble, observable: string, sample: GroupedSample, least: number): Row[] {
  if (!sample.count.some((count) => count > 0)) return [];
  const { lower, upper, centre, count, density } = adaptiveBins(sample, least);
  return Array.from(count, (n, b) => ({
    ...pointOf(ensemble),
    observable,
    lower: lower[b],
    upper: upper[b],
    center: centre[b],
    count: n,
    density: density[b],
  }));
}

/** Rows of the `histogram` table. */
export function histogramRows({ ensemble, result }: Analysed, values: CracklingValues): Row[] {
  const { duration, size } = result.all.histogram;
  return [
    ...distributionRows(ensemble, 'size', size, values.binCount),
    ...distributionRows(ensemble, 'duration', duration, values.binCount),
  ];
}

/** Rows of the `scaling` table. */
export function scalingRows({ ensemble, result }: Analysed): Row[] {
  const { duration, count, meanSize, meanLogSize, varLogSize } = result.all.scaling;
  return Array.from(duration, (d, i) => ({
    ...pointOf(ensemble),
    duration: d,
    count: count[i],
    mean_size: meanSize[i],
    mean_log_size: meanLogSize[i],
    var_log_size: finite(varLogSize[i]),
  }));
}

/** Rows of the `collapse` table: the profiles that took part in the collapse. */
export function collapseRows({ ensemble, result, exponents }: Analysed, values: CracklingValues): Row[] {
  const { collapse: fit } = exponents;
  if (fit === undefined) return [];
  const { x, duration, count, strength } = result.all.collapse;
  const offset = values.collapseOn === 'excess' ? ensemble.inputStrength : 0;
  const taken = new Set(fit.durations);
  const rows: Row[] = [];
  duration.forEach((d, r) => {
    if (!taken.has(d)) return;
    x.forEach((position, g) => {
      const value = strength[r * x.length + g]! - offset;
      rows.push({
        ...pointOf(ensemble),
        duration: d,
        x: position,
        strength: value,
        rescaled: value * d ** (1 - fit.gamma),
        count: count[r],
      });
    });
  });
  return rows;
}

/** Rows of the `collapse_error` table. */
export function collapseErrorRows({ ensemble, exponents }: Analysed): Row[] {
  const curve = exponents.collapse?.curve;
  if (curve === undefined) return [];
  return Array.from(curve.gamma, (gamma, i) => ({ ...pointOf(ensemble), gamma, nmse: curve.nmse[i] }));
}

function fitRowsOf(ensemble: Ensemble, observable: string, fit: FitReport | undefined, error: number): Row[] {
  if (fit === undefined) return [];
  const range = { ...pointOf(ensemble), observable, xmin: fit.xmin, xmax: fit.xmax, n_tail: fit.n_tail };
  const law: Row = {
    ...range,
    model: 'power_law',
    parameter: 'exponent',
    estimate: fit.exponent,
    standard_error: finite(error) ?? fit.standard_error,
    ks: fit.ks,
    log_likelihood: fit.log_likelihood,
    ratio: null,
    p_value: fit.p_value,
  };
  const others = fit.alternatives.flatMap((alternative) =>
    Object.entries(alternative.parameters).map(([parameter, estimate]) => ({
      ...range,
      model: alternative.name,
      parameter,
      estimate,
      standard_error: null,
      ks: null,
      log_likelihood: finite(alternative.log_likelihood),
      ratio: finite(alternative.normalized_ratio),
      p_value: finite(alternative.p_value),
    })),
  );
  return [law, ...others];
}

/** Rows of the `fit` table; errors of exponents are the jackknife's where there is one. */
export function fitRows({ ensemble, exponents }: Analysed): Row[] {
  const { standardError } = exponents.jackknife;
  return [
    ...fitRowsOf(ensemble, 'size', exponents.size, standardError.tau),
    ...fitRowsOf(ensemble, 'duration', exponents.duration, standardError.alpha),
  ];
}

/** Row of the `exponents` table. */
export function exponentsRow({ ensemble, exponents }: Analysed): Row {
  const { estimate, standardError } = exponents.jackknife;
  const { predicted, mismatch, deviations } = exponents.relation;
  return {
    ...pointOf(ensemble),
    tau: finite(estimate.tau),
    tau_error: finite(standardError.tau),
    alpha: finite(estimate.alpha),
    alpha_error: finite(standardError.alpha),
    gamma_scaling: finite(estimate.gammaScaling),
    gamma_scaling_error: finite(standardError.gammaScaling),
    gamma_collapse: finite(estimate.gammaCollapse),
    gamma_collapse_error: finite(standardError.gammaCollapse),
    gamma_predicted: finite(predicted.estimate),
    gamma_predicted_error: finite(predicted.standardError),
    mismatch: finite(mismatch.estimate),
    mismatch_error: finite(mismatch.standardError),
    mismatch_sigmas: finite(deviations),
  };
}
