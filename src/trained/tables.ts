import type { CalibrationResult } from '../residual/reducer.ts';
import type { NetworkLayerRow } from '../schema/columns.ts';
import type { TrainedEnsemble } from './ensembles.ts';

/** Rows of the `network_layer` table for one ensemble; none where no network was calibrated. */
export function layerRows(
  { ensemble, network, control }: TrainedEnsemble,
  { networks, mean, sd }: CalibrationResult,
): NetworkLayerRow[] {
  if (networks === 0) return [];
  return network.layers.map(({ name, inWidth, outWidth, weightVariance, biasVariance }, l) => ({
    ensemble: ensemble.index,
    model: ensemble.model!,
    surrogate: ensemble.surrogate?.kind ?? null,
    layer: l + 1,
    weights: name,
    inputs: inWidth,
    outputs: outWidth,
    weight_variance: weightVariance,
    bias_variance: biasVariance,
    mean: mean[l]!,
    sd: sd[l]!,
    // Runs of several seeds calibrate the same network, each by perturbations of its own.
    networks: control === undefined ? 1 : networks,
  }));
}
