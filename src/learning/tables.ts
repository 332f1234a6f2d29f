import { attempt } from '../error.ts';
import { fitBounded } from '../fit/fit-power-law.ts';
import type { GroupedSample } from '../reduce/grouped.ts';
import type { LearnedAvalancheRow, LearnedSignalRow, LearningCurveRow, TrainabilityRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import type { LearningCell } from './cells.ts';
import { hiddenDepth } from './hidden-avalanches.ts';
import { type LearningResult, type LookSummary, meanOf } from './learning-reducer.ts';
import type { CellTheory } from './theory.ts';

/** A cell with what came of it; runs must not be empty. */
export interface LearnedCell extends LearningCell {
  readonly result: LearningResult;
  readonly theory: CellTheory;
}

function cellOf({ experiment, ensemble }: LearningCell) {
  return {
    experiment,
    ensemble: ensemble.index,
    width: ensemble.width,
    depth: ensemble.depth,
    weight_variance: ensemble.weightVariance,
    bias_variance: ensemble.biasVariance,
  };
}

/** Mean training accuracy of a cell in the last epoch of its runs. */
export const lastAccuracy = ({ result }: LearnedCell): number =>
  meanOf(result.runs.map(({ accuracy }) => accuracy)).mean;

/** Standard error of {@link lastAccuracy} over runs; null for one run. */
export const accuracyError = ({ result }: LearnedCell): number | null =>
  orNull(meanOf(result.runs.map(({ accuracy }) => accuracy)).error);

/** Row of the `trainability` table. */
export function trainabilityRow(cell: LearnedCell): TrainabilityRow {
  const { ensemble, plan, result, theory } = cell;
  const { runs } = result;
  const { target } = plan;
  const reached = runs.filter(({ accuracy }) => accuracy >= (target ?? Infinity));
  const { point } = theory;
  return {
    ...cellOf(cell),
    activation: ensemble.activation,
    runs: runs.length,
    learning_rate: plan.learningRate,
    epochs: meanOf(runs.map(({ epochs }) => epochs)).mean,
    accuracy: lastAccuracy(cell),
    accuracy_error: accuracyError(cell),
    reached: target === null ? null : reached.length,
    epochs_to_target: reached.length === 0 ? null : meanOf(reached.map(({ epochs }) => epochs)).mean,
    chi_weight_variance: point.chiWeightVariance,
    chi_weight_deviation: point.chiWeightDeviation,
    chi_1: point.chi1,
    xi_c: point.xiC,
    xi_q: point.xiQ,
    edge_of_chaos: orNull(theory.edge),
    widom_line: orNull(theory.widom),
  };
}

/** Rows of the `learning_curve` table. */
export function learningCurveRows(cell: LearnedCell): LearningCurveRow[] {
  return cell.result.epochs.map(({ epoch, runs, accuracy, accuracyError, loss }) => ({
    ...cellOf(cell),
    epoch,
    runs,
    accuracy,
    accuracy_error: orNull(accuracyError),
    loss,
  }));
}

/** Exponent of the durations from 1 to the longest that can end within the network; null for too few different durations. */
function durationExponent({ durations }: LookSummary): { alpha: number | null; error: number | null } {
  const seen = durations.flatMap((count, i) => (count > 0 ? [{ duration: i + 1, count }] : []));
  const sample: GroupedSample = {
    discrete: true,
    lower: Float64Array.from(seen, ({ duration }) => duration),
    upper: Float64Array.from(seen, ({ duration }) => duration + 1),
    count: Float64Array.from(seen, ({ count }) => count),
    sumLog: Float64Array.from(seen, ({ duration, count }) => count * Math.log(duration)),
  };
  const fit = attempt(() => fitBounded(sample, 1, durations.length - 1));
  return { alpha: orNull(fit?.exponent ?? Number.NaN), error: orNull(fit?.standardError ?? Number.NaN) };
}

/** Rows of the `learned_avalanche` table. */
export function learnedAvalancheRows(cell: LearnedCell): LearnedAvalancheRow[] {
  return cell.result.looks.map((look) => {
    const { alpha, error } = durationExponent(look);
    return {
      ...cellOf(cell),
      epoch: look.epoch,
      runs: look.runs,
      perturbations: look.perturbations,
      valid: look.valid,
      dead: look.dead,
      censored: look.censored,
      mean_duration: orNull(look.sumDuration / look.valid),
      mean_size: orNull(look.sumSize / look.valid),
      alpha,
      alpha_error: error,
    };
  });
}

/** Rows of the `learned_signal` table. */
export function learnedSignalRows(cell: LearnedCell): LearnedSignalRow[] {
  const { inputStrength, depth } = cell.ensemble;
  return cell.result.looks.flatMap(({ epoch, strengths }) =>
    Array.from({ length: hiddenDepth(depth) }, (_, l) => ({
      ...cellOf(cell),
      epoch,
      layer: l + 1,
      strength: strengths[l]!,
      relative: strengths[l]! / inputStrength,
    })),
  );
}
