import type { CracklingValues } from '../crackling/parameters.ts';
import { type BlockedStatistics, cracklingReducer } from '../crackling/reducer.ts';
import { type LayerRule, layersOf } from '../network/resnet/architecture.ts';
import type { EnsembleResult } from '../pipeline.ts';
import type { CalibrationRow } from '../schema/columns.ts';
import type { Model } from './models.ts';
import type { CalibrationResult, ResidualResult } from './reducer.ts';

/** One result an ensemble (model and threshold) out of one a model. */
export function byThreshold(
  { ensembles }: Model,
  { counts, result }: EnsembleResult<ResidualResult>,
  values: CracklingValues,
): EnsembleResult<BlockedStatistics>[] {
  const reducer = cracklingReducer(values);
  return ensembles.map((ensemble) => {
    const { valid = 0, dead = 0, censored = 0, non_finite: nonFinite = 0 } = result.tally.get(ensemble.index) ?? {};
    return {
      ensemble,
      counts: { perturbations: counts.perturbations, valid, dead, censored, nonFinite },
      result: result.avalanche.get(ensemble.index) ?? reducer.finish(reducer.init()),
    };
  });
}

/** Rows of the `calibration` table for one model. */
export function calibrationRows(
  { architecture, ensembles }: Model,
  { networks, mean, sd, networkSd }: CalibrationResult,
  rule: LayerRule,
): CalibrationRow[] {
  if (networks === 0) return [];
  return layersOf(architecture, rule).map((number, l) => {
    const { kind, unit, shape } = architecture.operations[number - 1]!;
    return {
      ensemble: ensembles[0]!.index,
      model: architecture.model,
      layer: l + 1,
      operation: kind,
      unit,
      ...shape,
      mean: mean[l]!,
      sd: sd[l]!,
      network_sd: networks > 1 ? networkSd[l]! : null,
      networks,
    };
  });
}
