import { type MatrixArena, matrixArena } from '../../kernel/matrix.ts';
import { type ResidualArchitecture, shapeOf } from '../../network/resnet/architecture.ts';
import type { ResidualLayout } from '../../network/resnet/layout.ts';
import { fanIn, fanOut, type Operation } from '../../network/resnet/operation.ts';
import { createStream } from '../../numeric/random.ts';
import type { ResidualNetwork } from './network.ts';
import { residualPurpose, residualStream, residualWords } from './streams.ts';

/** Variance of a convolution's weights: He et al.'s normal law for relu (arXiv:1502.01852, eqs. 10 and 14). */
const heVariance: Record<ResidualLayout, (fanIn: number, fanOut: number) => number> = {
  torchvision: (_in, out) => 2 / out,
  'pre-activation': (inwards) => 2 / inwards,
};

/**
 * Draws networks at initialisation, each from a random stream of its own, the same for all backends.
 *
 * `torchvision`: convolutions N(0, 2/(k²·C_out)) (`kaiming_normal_` with `mode='fan_out'`), weights and biases of the linear layer uniform
 * within ±1/√C_in (PyTorch's default). `pre-activation`: convolutions N(0, 2/(k²·C_in)), the linear layer N(0, 1/C_in) without bias.
 */
export class InitialWeights {
  readonly #architecture: ResidualArchitecture;
  readonly #arena: MatrixArena;
  readonly #room: Float32Array;

  constructor(architecture: ResidualArchitecture) {
    this.#architecture = architecture;
    const { operations } = architecture;
    const most = Math.max(...operations.map((operation) => this.#depthOf(operation) * operation.shape.channels)) + 16;
    this.#arena = matrixArena([most]);
    this.#room = this.#arena.array(most);
  }

  #depthOf(operation: Operation): number {
    return fanIn(operation, shapeOf(this.#architecture, operation.source));
  }

  /** Sets the weights of network `index` of a run. */
  set(network: ResidualNetwork, seed: number, index: number): void {
    const { model, layout, operations } = this.#architecture;
    const words = residualWords(seed, model, residualPurpose.weights, index);
    operations.forEach((operation, i) => {
      const depth = this.#depthOf(operation);
      if (depth === 0) return;
      const weights = this.#room.subarray(0, depth * operation.shape.channels);
      if (operation.kind === 'linear' && layout === 'torchvision') {
        const stream = createStream(seed, ...residualStream(model, residualPurpose.linear, index));
        const uniform = (): number => (2 * stream.uniform() - 1) / Math.sqrt(depth);
        for (let j = 0; j < weights.length; j++) weights[j] = uniform();
        network.setWeights(i + 1, weights, Float32Array.from({ length: operation.shape.channels }, uniform));
        return;
      }
      this.#arena.normal(words, weights);
      const variance = operation.kind === 'linear' ? 1 / depth : heVariance[layout](depth, fanOut(operation));
      this.#arena.scale(weights, Math.sqrt(variance));
      network.setWeights(i + 1, weights);
    });
  }
}
