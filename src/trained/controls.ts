import { createStream } from '../numeric/random.ts';
import { shuffleInPlace } from '../numeric/shuffle.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';

/**
 * What becomes of a network's weights, layer by layer, weights and biases each for themselves: `shuffled-weights` have the same values in random places,
 * `gaussian-weights` are drawn from a normal law of the same mean and variance.
 */
export const controlKinds = ['shuffled-weights', 'gaussian-weights'] as const;

/** A kind of controls. */
export type ControlKind = (typeof controlKinds)[number];

/** Whose random numbers: networks of a control are drawn one by one, whoever needs them. */
export interface ControlKey {
  readonly seed: number;
  readonly ensemble: number;
  readonly network: number;
}

const PURPOSE = 0x74726e63;

const makers: Readonly<Record<ControlKind, (values: Float32Array, key: readonly number[]) => Float32Array>> = {
  'shuffled-weights': (values, [seed = 0, ...key]) => {
    const out = values.slice();
    shuffleInPlace(out, createStream(seed, ...key));
    return out;
  },
  'gaussian-weights': (values, [seed = 0, ...key]) => {
    const stream = createStream(seed, ...key);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
    return values.map(() => mean + sd * stream.normal());
  },
};

/** A network of a control: what was learned is gone, the moments of its weights in every layer are (nearly) the same. */
export function controlWeights(
  layers: readonly LayerWeights[],
  kind: ControlKind,
  { seed, ensemble, network }: ControlKey,
): LayerWeights[] {
  const make = makers[kind];
  return layers.map(({ inWidth, outWidth, kernel, bias }, l) => ({
    inWidth,
    outWidth,
    kernel: make(kernel, [seed, ensemble, PURPOSE, network, l, 0]),
    ...(bias === undefined ? {} : { bias: make(bias, [seed, ensemble, PURPOSE, network, l, 1]) }),
  }));
}
