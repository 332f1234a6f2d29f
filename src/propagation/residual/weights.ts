import { type MatrixArena, matrixArena } from '../../kernel/matrix.ts';
import { type ResidualArchitecture, shapeOf } from '../../network/resnet/architecture.ts';
import { fanIn } from '../../network/resnet/operation.ts';
import type { ResidualNetwork } from './network.ts';
import { residualPurpose, residualWords } from './streams.ts';

/**
 * Draws networks at initialisation: convolutions N(0, 2/(k²·C)), He et al.'s normal law for relu (arXiv:1502.01852, eq. 10), and the linear
 * layer N(0, 1/C). Every network has its own random stream, the same for all backends.
 */
export class HeWeights {
  private readonly architecture: ResidualArchitecture;
  private readonly depths: readonly number[];
  private readonly arena: MatrixArena;
  private readonly room: Float32Array;

  constructor(architecture: ResidualArchitecture) {
    this.architecture = architecture;
    const { operations } = architecture;
    this.depths = operations.map((operation) => fanIn(operation, shapeOf(architecture, operation.source)));
    const most = Math.max(...operations.map(({ shape }, i) => this.depths[i]! * shape.channels)) + 16;
    this.arena = matrixArena([most]);
    this.room = this.arena.array(most);
  }

  /** Sets the weights of network `index` of a run. */
  set(network: ResidualNetwork, seed: number, index: number): void {
    const { model, operations } = this.architecture;
    const words = residualWords(seed, model, residualPurpose.weights, index);
    operations.forEach(({ kind, shape }, i) => {
      const depth = this.depths[i]!;
      if (depth === 0) return;
      const weights = this.room.subarray(0, depth * shape.channels);
      this.arena.normal(words, weights);
      this.arena.scale(weights, Math.sqrt((kind === 'linear' ? 1 : 2) / depth));
      network.setWeights(i + 1, weights);
    });
  }
}
