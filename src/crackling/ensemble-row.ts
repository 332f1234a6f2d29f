import type { Ensemble } from '../network/ensemble.ts';
import type { EnsembleResult } from '../pipeline.ts';
import type { EnsembleRow, ExponentsRow } from '../schema/columns.ts';

/** The columns that every table repeats, so that one file can be plotted without a join. */
export type Point = Pick<ExponentsRow, 'ensemble' | 'width' | 'weight_variance' | 'bias_variance'>;

/** Where an ensemble lies; a process is no network, and has neither width nor variances. */
export function pointOf({ index, process, width, weightVariance, biasVariance }: Ensemble): Point {
  if (process !== undefined) return { ensemble: index, width: null, weight_variance: null, bias_variance: null };
  return { ensemble: index, width, weight_variance: weightVariance, bias_variance: biasVariance };
}

/** What sets the ensembles of other architectures apart. */
export const architectureOf = ({ model, threshold, surrogate }: Ensemble) => ({
  model: model ?? null,
  threshold: threshold ?? null,
  surrogate: surrogate?.kind ?? null,
});

/** Row of the `ensemble` table. */
export function ensembleRow({ ensemble, counts }: EnsembleResult<unknown>, engine: string): EnsembleRow {
  return {
    ...pointOf(ensemble),
    ...architectureOf(ensemble),
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
