import { BackendError } from '../../error.ts';
import type { ResidualArchitecture } from '../../network/resnet/architecture.ts';

/** Mean and variance of each channel, for each batch norm by the number of its operation. */
export type ChannelStatistics = ReadonlyMap<number, { readonly mean: Float64Array; readonly variance: Float64Array }>;

/** PyTorch's and TensorFlow's ε beside the variance. */
export const EPSILON = 1e-5;

/**
 * A residual network on a numerical backend: one batch of images goes through all operations at once. Scale and shift of batch norm are 1
 * and 0, the state at initialisation; convolutions have no bias.
 */
export interface ResidualNetwork {
  /**
   * Weights of operation `number`: kernel height × kernel width × channels in × channels out, or inputs × outputs; copied.
   * @param bias of the linear layer, one an output; none by default
   */
  setWeights(number: number, weights: Float32Array, bias?: Float32Array): void;
  /**
   * Root mean square of every operation's output over all components: operations × batch.
   * @param images batch × height × width × channels
   * @param statistics what batch norm divides by: those of the batch itself (default), or the given ones
   */
  forward(images: Float32Array, statistics?: ChannelStatistics): Promise<Float32Array>;
  /** The channel statistics of the last batch, with unbiased variances. */
  statistics(): Promise<ChannelStatistics>;
  /** Outputs of the last operation for the last batch: batch × classes. */
  output(): Promise<Float32Array>;
  close(): void;
}

/** A numerical backend for residual networks. */
export interface ResidualBackend {
  readonly name: string;
  /** @throws BackendError where there isn't the memory for such a batch */
  open(architecture: ResidualArchitecture, batch: number): ResidualNetwork;
}

/** The error of a network and a batch that memory doesn't hold; `bytes` where it is known how many they take. */
export function tooLarge(
  architecture: ResidualArchitecture,
  batch: number,
  cause: unknown,
  bytes?: number,
): BackendError {
  const { height, width } = architecture.input;
  const needs = bytes === undefined ? 'memory' : `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return new BackendError(
    `${architecture.model} at ${height} × ${width} needs ${needs} for a batch of ${batch}, more than there is; lower batch, input size or width multiplier`,
    { cause },
  );
}
