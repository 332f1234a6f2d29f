import { basename, extname } from 'node:path';
import type { LayerWeights } from '../propagation/dense-weights.ts';
import { plainPath } from '../store/plain-path.ts';
import type { WeightsOptions } from './chain.ts';
import { readWeights } from './read-weights.ts';
import { tensorFiles } from './tensor-file.ts';

/** What a layer's matrices are like. */
export interface LayerMoments {
  readonly name: string;
  readonly inWidth: number;
  readonly outWidth: number;
  /** Inputs times the mean square of the weights: σw² of a Gaussian network. */
  readonly weightVariance: number;
  /** Mean square of the biases, 0 where there are none. */
  readonly biasVariance: number;
}

/** A network whose weights are in a file. */
export interface SavedNetwork {
  readonly path: string;
  /** The file without its folder and ending. */
  readonly name: string;
  /** Files that it is in. */
  readonly files: readonly string[];
  readonly layers: readonly LayerMoments[];
  /** Reads its weights, anew each time. */
  read(): LayerWeights[];
}

const meanSquare = (values: Float32Array): number => values.reduce((sum, x) => sum + x * x, 0) / values.length;

/**
 * Opens a network and looks at all of its weights once, which aren't kept.
 * @throws as {@link readWeights}
 */
export function openNetwork(given: string, options: WeightsOptions): SavedNetwork {
  const path = plainPath(given);
  const layers = readWeights(path, options).map(({ name, inWidth, outWidth, kernel, bias }) => ({
    name,
    inWidth,
    outWidth,
    weightVariance: inWidth * meanSquare(kernel),
    biasVariance: bias === undefined ? 0 : meanSquare(bias),
  }));
  return {
    path,
    name: basename(path, extname(path)),
    files: tensorFiles(path),
    layers,
    read: () => readWeights(path, options),
  };
}
