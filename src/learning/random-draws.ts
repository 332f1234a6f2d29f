import type { Ensemble } from '../network/ensemble.ts';
import { createStream } from '../numeric/random.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';

/** What random numbers are for: sets the streams of training apart from those of propagation. */
const purpose = { weights: 0x6c656177, order: 0x6c65616f } as const;

/**
 * A fully connected network before training: depth layers, the last one the output. Weights N(0, σw²/fan-in), which is σw²/N but for
 * the first layer, biases N(0, σb²) (arXiv:2509.22649, Methods).
 */
export function initialWeights(
  ensemble: Ensemble,
  inputs: number,
  classes: number,
  seed: number,
  run: number,
): LayerWeights[] {
  const { depth, width, weightVariance, biasVariance } = ensemble;
  return Array.from({ length: depth }, (_, l) => {
    const inWidth = l === 0 ? inputs : width;
    const outWidth = l === depth - 1 ? classes : width;
    const stream = createStream(seed, ensemble.index, purpose.weights, run, l);
    const [w, b] = [Math.sqrt(weightVariance / inWidth), Math.sqrt(biasVariance)];
    const kernel = new Float32Array(inWidth * outWidth).map(() => w * stream.normal());
    const bias = new Float32Array(outWidth).map(() => b * stream.normal());
    return { inWidth, outWidth, kernel, bias };
  });
}

/** The images in the order of an epoch: a fresh shuffle of 0 … count − 1. */
export function epochOrder(ensemble: Ensemble, count: number, seed: number, run: number, epoch: number): Uint32Array {
  const stream = createStream(seed, ensemble.index, purpose.order, run, epoch);
  const order = new Uint32Array(count).map((_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}
