import { ParameterError } from '../error.ts';
import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { distinct } from '../parameter.ts';
import { checkDifferences } from '../propagation/backend/simd-differences.ts';
import type { DataPoints } from '../propagation/data-points.ts';
import { modelNames } from '../weights/model-names.ts';
import { openNetwork, type SavedNetwork } from '../weights/saved-network.ts';
import type { SavedRows } from '../weights/saved-rows.ts';
import { dataPoints } from './around.ts';
import { type ControlKind, controlKinds } from './controls.ts';
import type { TrainedValues } from './parameters.ts';

/** An ensemble, and the network that it is, or is a control of. */
export interface TrainedEnsemble {
  readonly ensemble: Ensemble;
  readonly network: SavedNetwork;
  readonly control: ControlKind | undefined;
  /** What its perturbations are added to; undefined for zero. */
  readonly points: DataPoints | undefined;
}

/** Holds data points against the first layer that they go through. */
function checkWidth({ name, width }: SavedRows, { path, layers: [first] }: SavedNetwork): void {
  if (width === first!.inWidth) return;
  throw new ParameterError(
    `data points around which perturbations go must have ${first!.inWidth} numbers, as the first layer (${first!.name} of ${path}) takes, got ${width} in ${name}; what a network itself is given goes by layers '*' and input post-activation`,
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/**
 * The networks that the parameters name, in their order, then those of each control.
 * @throws ParameterError where no file is named, or one twice, and where data points haven't the width of the first layer, or the backend doesn't follow differences; as `readWeights` where networks can't be read
 */
export function trainedEnsembles(values: TrainedValues, around: SavedRows | undefined): TrainedEnsemble[] {
  const { weights: paths, layers, layout, perturbations, threshold } = values;
  if (paths === undefined)
    throw new ParameterError('weights must name files of trained networks (.safetensors, .npz, .npy, folders of .npy)');
  distinct('controls', values.controls);
  const options = { ...(layers === null ? {} : { layers }), ...(layout === 'auto' ? {} : { layout }) };
  const networks = paths.map((path) => openNetwork(path, options));
  distinct(
    'weights',
    networks.map(({ path }) => path),
  );
  if (around !== undefined) {
    checkDifferences(values.backend);
    for (const network of networks) checkWidth(around, network);
  }
  const names = modelNames(networks);
  const kinds = controlKinds.filter((kind) => values.controls.some((word) => kind.startsWith(word)));
  const { name: phi } = activation(values.activation);
  const ensembleOf = (network: SavedNetwork, index: number): Ensemble => {
    const width = network.layers[0]!.inWidth;
    return {
      index,
      activation: phi,
      width,
      depth: network.layers.length,
      weightVariance: mean(network.layers.map(({ weightVariance }) => weightVariance)),
      biasVariance: mean(network.layers.map(({ biasVariance }) => biasVariance)),
      inputStrength: values.inputStrength ?? values.inputNorm / Math.sqrt(width),
      reuse: perturbations,
      model: names[index]!,
      ...(threshold === null ? {} : { threshold }),
    };
  };
  const of = (network: SavedNetwork, ensemble: Ensemble, control?: ControlKind): TrainedEnsemble => ({
    network,
    ensemble,
    control,
    points: around && dataPoints(around, values, ensemble.reuse),
  });
  const saved = networks.map((network, i) => of(network, ensembleOf(network, i)));
  const shared = Math.ceil(perturbations / values.controlNetworks);
  const controls = kinds.flatMap((control, k) =>
    saved.map(({ network, ensemble }) => {
      const index = networks.length * (k + 1) + ensemble.index;
      const surrogate = { kind: control, of: ensemble.index };
      return of(network, { ...ensemble, index, reuse: shared, surrogate }, control);
    }),
  );
  return [...saved, ...controls];
}
