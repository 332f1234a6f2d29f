import type { MatrixArena } from '../../kernel/matrix.ts';
import type { Activation } from '../../network/activation.ts';
import type { Strength } from '../engine.ts';
import type { BackendName } from './choose.ts';

export interface LayersOptions {
  readonly activation: Activation;
  readonly observable: Strength;
  /** The most rows (over all networks) and the largest width that will come. */
  readonly largestRows: number;
  readonly largestWidth: number;
}

/** Networks of random weights that the backend draws. */
export interface RandomNetworks {
  /** Four words a network. */
  readonly keys: Int32Array;
  /** Standard deviations of weights and biases, 0 where there are no biases. */
  readonly weight: number;
  readonly bias: number;
}

/**
 * What the dense engine asks of a numerical backend: pre-activations of several networks at once, `networks` × `rows` × width, row-major,
 * kept where the backend computes. One object serves one ensemble.
 */
export interface Layers {
  /** Takes pre-activations h (networks × rows × width). @param ids the rows' perturbations, for a backend that asks who they are */
  start(h: Float32Array, networks: number, rows: number, width: number, ids?: Float64Array): void;
  /**
   * h ← φ(h)·W + b, network by network. The strengths of the new h are kept until `strengths`.
   * @param weights networks × width × outWidth, input-major, in the arena; read before the call returns
   * @param biases networks × outWidth, in the arena, or none
   * @param asTheyAre true where h enters without φ: raw inputs of a trained model
   */
  layer(weights: Float32Array, biases: Float32Array | undefined, outWidth: number, asTheyAre?: boolean): void;
  /**
   * The same with weights that the backend draws, as many as neurons come in; only where it `draws`.
   * @param number of the layer: with a network's key all that its weights depend on
   */
  drawn?(networks: RandomNetworks, number: number, asTheyAre?: boolean): void;
  /** Strengths of all layers since the last call: layers × networks × rows. */
  strengths(): Promise<Float32Array>;
  /** Keeps these rows, numbered over networks × rows; they become `networks` × `rows`. */
  keep(chosen: Int32Array, networks: number, rows: number): void;
  close(): void;
}

/** An opened backend. */
export interface Backend {
  readonly name: BackendName;
  /** Networks go through one at a time: with several at once the bits of one would depend on how many there are. Default false. */
  readonly alone?: boolean;
  /** Its layers have `drawn`: random weights needn't be drawn here. Default false. */
  readonly draws?: boolean;
  /** Lengths of the arrays that `layers` takes from the arena. */
  room(options: LayersOptions): readonly number[];
  layers(options: LayersOptions, arena: MatrixArena): Layers;
}
