import { ParameterError } from '../error.ts';
import { loadImages } from '../images/labelled.ts';
import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { distinct } from '../parameter.ts';
import type { LearningValues } from './parameters.ts';
import type { TrainingPlan } from './plan.ts';
import { learningSizes } from './sizes.ts';
import { checkTrained } from './tensor-derivative.ts';

/** Which of the two experiments a cell belongs to. */
export type Experiment = 'map' | 'scan';

/** A point at which networks are trained, and how. */
export interface LearningCell {
  readonly experiment: Experiment;
  readonly ensemble: Ensemble;
  readonly plan: TrainingPlan;
}

/**
 * The cells that the parameters describe: the map's, row by row of constant σb², then the scan's, width by width.
 * @throws ParameterError for grid values listed twice, activations that the backend doesn't train with, images without labels, networks too shallow for avalanches, or avalanches after epochs that there aren't
 */
export function learningCells(values: LearningValues): LearningCell[] {
  const sizes = learningSizes(values);
  distinct('weight-variances', sizes.weightVariances);
  distinct('bias-variances', sizes.biasVariances);
  distinct('scan-weight-variances', values.scanWeightVariances);
  distinct('scan-widths', sizes.scanWidths);
  if ((values.images === '') !== (values.labels === '')) {
    throw new ParameterError('images and labels must be given together, or neither for MNIST');
  }
  if (values.backend === 'webgpu') checkTrained(activation(values.activation));
  const { signalsAt } = values;
  const shallow = [values.depth, values.scanDepth].find((depth) => depth < 4);
  if (signalsAt !== null && shallow !== undefined) {
    throw new ParameterError(
      `signals-at needs networks of at least 4 layers (2 between hidden layers), got depth ${shallow}`,
    );
  }
  const files = values.images === '' ? undefined : { images: values.images, labels: values.labels };
  let loaded: ReturnType<TrainingPlan['images']> | undefined;
  const shared = {
    backend: values.backend,
    batch: values.batch,
    batches: values.batches,
    images: () => {
      loaded ??= loadImages(files, values.batch * values.batches, values.pixels);
      return loaded;
    },
    ...(signalsAt === null
      ? {}
      : {
          signals: {
            epochs: signalsAt,
            perturbations: values.signalPerturbations,
            inputNorm: values.inputNorm,
          },
        }),
  };
  const ensemble = (width: number, depth: number, weightVariance: number, biasVariance: number) => ({
    activation: activation(values.activation).name,
    width,
    depth,
    weightVariance,
    biasVariance,
    inputStrength: values.inputNorm / Math.sqrt(width),
    reuse: 1,
  });
  const { learningRate } = values;
  const { epochs } = sizes;
  const map = sizes.biasVariances.flatMap((bias) =>
    sizes.weightVariances.map((weight) => ({
      experiment: 'map' as const,
      ensemble: ensemble(sizes.width, values.depth, weight, bias),
      plan: { ...shared, epochs, learningRate, target: null },
    })),
  );
  const scan = sizes.scanWidths.flatMap((width) =>
    values.scanWeightVariances.map((weight) => ({
      experiment: 'scan' as const,
      ensemble: ensemble(width, values.scanDepth, weight, values.scanBiasVariance),
      plan: { ...shared, epochs: values.scanEpochs, learningRate: values.scanLearningRate, target: values.target },
    })),
  );
  const chosen = [
    ...(values.experiment === 'scan' ? [] : map),
    ...(values.experiment === 'map' ? [] : scan),
  ] satisfies Omit<LearningCell, 'ensemble'>[];
  const most = Math.max(...chosen.map(({ plan }) => plan.epochs));
  const late = signalsAt?.find((epoch) => epoch > most);
  if (late !== undefined)
    throw new ParameterError(`signals-at must name epochs that there are, ${most} at most, got ${late}`);
  return chosen.map((cell, index) => ({ ...cell, ensemble: { index, ...cell.ensemble } }));
}

/** Multiplications of a cell's run, for the estimate of the time left; scans usually end after a third of their epochs. */
export function learningCost({ experiment, ensemble: { width, depth }, plan }: LearningCell): number {
  const image = 2 * 784 * width + 3 * (depth - 2) * width * width;
  return image * plan.epochs * (experiment === 'scan' ? 1 / 3 : 1);
}
