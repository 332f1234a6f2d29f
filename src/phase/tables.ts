import type { EnsembleResult } from '../pipeline.ts';
import type { MomentsResult } from '../reduce/moments.ts';
import type { PhaseRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import type { Cell } from './cells.ts';
import type { PhaseValues } from './parameters.ts';
import type { CellResult } from './reducer.ts';
import { sizeSusceptibility } from './size-response.ts';

/** A mean over networks and its standard error, as columns; null where there is none, or where a value wasn't finite. */
function estimate<N extends string>(name: N, { count, mean, variance, nonFinite }: MomentsResult) {
  const sound = nonFinite === 0;
  const columns = {
    [name]: sound ? orNull(mean) : null,
    [`${name}_error`]: sound ? orNull(Math.sqrt(variance / count)) : null,
  };
  return columns as Record<N | `${N}_error`, number | null>;
}

/** Row of the `phase` table. */
export function phaseRow(cell: Cell, { counts, result }: EnsembleResult<CellResult>, values: PhaseValues): PhaseRow {
  const { ensemble, point, burnIn } = cell;
  const { steady_state: steady, avalanche, size_response: response } = result;
  const susceptibility = sizeSusceptibility(response, ensemble.weightVariance, values.sizeStep);
  return {
    ensemble: ensemble.index,
    activation: ensemble.activation,
    width: ensemble.width,
    weight_variance: ensemble.weightVariance,
    bias_variance: ensemble.biasVariance,
    s_star: point.sStar,
    chi_weight_variance: point.chiWeightVariance,
    chi_1: point.chi1,
    xi_q: point.xiQ,
    xi_c: point.xiC,
    perturbations: counts.perturbations,
    burn_in: burnIn,
    averaged_layers: values.window,
    ...estimate('strength', steady.strength),
    ...estimate('susceptibility', steady.susceptibility),
    threshold: ensemble.inputStrength,
    depth: ensemble.depth,
    valid: counts.valid,
    dead: counts.dead,
    censored: counts.censored,
    ...estimate('mean_size', avalanche.all),
    size_susceptibility: orNull(susceptibility.value),
    size_susceptibility_error: orNull(susceptibility.error),
    ...estimate('mean_size_ended', avalanche.ended),
  };
}
