import type { Ensemble } from '../network/ensemble.ts';
import { createStream } from '../numeric/random.ts';
import { hashKey } from '../numeric/random-key.ts';
import { shuffleInPlace } from '../numeric/shuffle.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';

/** What random numbers are for: sets the streams of training apart from those of propagation. */
const purpose = { weights: 0x6c656177, onDevice: 0x6c656164, order: 0x6c65616f } as const;

/** Widths of a fully connected network: what enters it, its hidden layers, what comes out of the last of its depth layers. */
export const networkWidths = ({ depth, width }: Ensemble, inputs: number, classes: number): number[] => [
  inputs,
  ...new Array<number>(depth - 1).fill(width),
  classes,
];

/**
 * A layer of a network before training. Weights N(0, σw²/fan-in), which is σw²/N but for the first layer, biases N(0, σb²)
 * (arXiv:2509.22649, Methods).
 */
export function initialLayer(
  ensemble: Ensemble,
  widths: readonly number[],
  seed: number,
  run: number,
  l: number,
): LayerWeights & { readonly bias: Float32Array } {
  const [inWidth, outWidth] = [widths[l]!, widths[l + 1]!];
  const { weightVariance, biasVariance } = ensemble;
  const stream = createStream(seed, ensemble.index, purpose.weights, run, l);
  const [w, b] = [Math.sqrt(weightVariance / inWidth), Math.sqrt(biasVariance)];
  const kernel = new Float32Array(inWidth * outWidth).map(() => w * stream.normal());
  const bias = new Float32Array(outWidth).map(() => b * stream.normal());
  return { inWidth, outWidth, kernel, bias };
}

/** Key of the weights of a network before training, where a device draws them: by the law of {@link initialLayer}. */
export const initialKey = ({ index }: Ensemble, seed: number, run: number): Int32Array =>
  hashKey(seed, [index, purpose.onDevice, run]);

/** The images in the order of an epoch: a fresh shuffle of 0 … count − 1. */
export function epochOrder(ensemble: Ensemble, count: number, seed: number, run: number, epoch: number): Uint32Array {
  const stream = createStream(seed, ensemble.index, purpose.order, run, epoch);
  const order = new Uint32Array(count).map((_, i) => i);
  shuffleInPlace(order, stream);
  return order;
}
