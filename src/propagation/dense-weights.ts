import { ParameterError } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';

/** Weights of one fully connected layer. */
export interface LayerWeights {
  readonly inWidth: number;
  readonly outWidth: number;
  /** inWidth × outWidth, row-major: kernel[i·outWidth + o] leads from i to o, as in TensorFlow.js. */
  readonly kernel: Float32Array;
  /** outWidth, or none. */
  readonly bias?: Float32Array;
}

/** What is asked of a TensorFlow.js model: its `LayersModel` fits, without its types being needed here. */
export interface LayeredModel {
  readonly layers: readonly {
    readonly name: string;
    getClassName(): string;
    getWeights(): readonly { readonly shape: readonly number[]; dataSync(): ArrayLike<number> }[];
  }[];
}

/**
 * The weights of a TensorFlow.js model whose layers are all dense (an input layer, flattening and dropout may stand between).
 * @throws ParameterError for a model with any other layer
 */
export function modelWeights(model: LayeredModel): LayerWeights[] {
  const out: LayerWeights[] = [];
  for (const layer of model.layers) {
    const kind = layer.getClassName();
    if (['InputLayer', 'Flatten', 'Dropout', 'Activation'].includes(kind)) continue;
    if (kind !== 'Dense') {
      throw new ParameterError(`layer '${layer.name}' of the model is a ${kind}; engine dense takes Dense layers only`);
    }
    const [kernel, bias] = layer.getWeights();
    const [inWidth, outWidth] = kernel!.shape as [number, number];
    out.push({
      inWidth,
      outWidth,
      kernel: Float32Array.from(kernel!.dataSync()),
      ...(bias === undefined ? {} : { bias: Float32Array.from(bias.dataSync()) }),
    });
  }
  return out;
}

/**
 * Holds given weights against the ensemble that they are to stand for.
 * @throws ParameterError naming the first layer that doesn't fit
 */
export function checkWeights(weights: readonly LayerWeights[], ensemble: Ensemble): void {
  if (weights.length !== ensemble.depth) {
    throw new ParameterError(`weights must have one layer for each of depth ${ensemble.depth}, got ${weights.length}`);
  }
  let width = ensemble.width;
  weights.forEach(({ inWidth, outWidth, kernel, bias }, i) => {
    const l = i + 1;
    if (inWidth !== width)
      throw new ParameterError(`layer ${l} must take ${width} inputs, its weights take ${inWidth}`);
    if (kernel.length !== inWidth * outWidth) {
      throw new ParameterError(`layer ${l} must have ${inWidth} × ${outWidth} weights, got ${kernel.length}`);
    }
    if (bias !== undefined && bias.length !== outWidth) {
      throw new ParameterError(`layer ${l} must have ${outWidth} biases, got ${bias.length}`);
    }
    width = outWidth;
  });
}
