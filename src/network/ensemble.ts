/**
 * A point in parameter space: a family of random feed-forward networks and the drive of their perturbations
 * (arXiv:2509.22649, Methods). Plain data: it crosses threads and is written to the manifest.
 */
export interface Ensemble {
  /** Its number, which no other of the run has: the `ensemble` column of every table, and what random numbers are drawn by. Usually its position among them. */
  readonly index: number;
  /** Name of a registered activation, with its argument where it takes one: `tanh`, `leaky-relu(0.01)`; `none` where there is no network. */
  readonly activation: string;
  /** Neurons per layer, N ≥ 1. */
  readonly width: number;
  /** Layers, L ≥ 1. */
  readonly depth: number;
  /** σw²; weights are drawn from N(0, σw²/N). */
  readonly weightVariance: number;
  /** σb²; biases are drawn from N(0, σb²). */
  readonly biasVariance: number;
  /** Signal strength s0 at layer 0, per neuron; the total input norm is s0·√N. */
  readonly inputStrength: number;
  /** Perturbations that share one network, R ≥ 1; network = floor(perturbation / reuse). */
  readonly reuse: number;
  /**
   * What the ensemble is called where it is no plain feed-forward network, in progress, tables, figures and findings: an architecture,
   * `resnet-18`, or a model or process with its parameters, `abbm, c = 0.3`. Fits then know of no range that follows from the width.
   */
  readonly model?: string;
  /** k of the thresholds θ_l = μ_l + k·sd_l, where layers have thresholds of their own. */
  readonly threshold?: number;
  /** Where the signals are those of a null model: which one, and the ensemble that it is made of. */
  readonly surrogate?: { readonly kind: string; readonly of: number };
  /** Where the signal is that of a process and not of a network: which one, and its parameters. See `src/process`. */
  readonly process?: { readonly name: string; readonly parameters: Readonly<Record<string, number>> };
}
