import { StoreError } from '../error.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';
import { type Chain, chainOf, type WeightLayout, type WeightsOptions, widthsOf } from './chain.ts';
import { type SavedTensor, transposed } from './saved-tensor.ts';
import { readTensors } from './tensor-file.ts';

/** Weights of a fully connected layer that a file has. */
export interface SavedLayer extends LayerWeights {
  /** What its weights are called there. */
  readonly name: string;
}

function finite(path: string, { name, shape, values }: SavedTensor): Float32Array {
  const numbers = values();
  const bad = numbers.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return numbers;
  const columns = shape.at(-1)!;
  const place = shape.length === 2 ? `[${Math.floor(bad / columns)}, ${bad % columns}]` : `[${bad}]`;
  throw new StoreError(
    `${path}: ${name}${place} is ${numbers[bad]}, expected finite numbers within the range of float32`,
  );
}

function layerOf(path: string, { weights, bias }: Chain['links'][number], layout: WeightLayout): SavedLayer {
  const { in: inWidth, out: outWidth } = widthsOf(weights, layout);
  const values = finite(path, weights);
  return {
    name: weights.name,
    inWidth,
    outWidth,
    kernel: layout === 'in-out' ? values : transposed(values, outWidth, inWidth),
    ...(bias === undefined ? {} : { bias: finite(path, bias) }),
  };
}

/**
 * The weights of a network's fully connected layers from a file: safetensors (float64, float32, float16, bfloat16), .npz or .npy of NumPy (a folder of .npy
 * files is a network, too). Rounded to float32; as `dense({ weights })` takes them.
 *
 * ```ts
 * const weights = readWeights('model.safetensors', { layers: ['blocks.*.fc.weight'] });
 * const engine = dense({ backend: 'simd', weights });
 * ```
 * @throws StoreError where the file can't be read, isn't whole, or numbers aren't finite; ParameterError that lists what the file has, where layers
 *   aren't found, don't follow each other, or are fewer than two
 */
export function readWeights(path: string, options: WeightsOptions = {}): SavedLayer[] {
  const { links, layout } = chainOf(path, readTensors(path), options);
  return links.map((link) => layerOf(path, link, layout));
}
