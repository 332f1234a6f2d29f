import { dense } from '../propagation/dense.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';
import type { EngineOptions } from '../propagation/engine.ts';
import { checkSameStrengths } from '../propagation/strength-check.ts';
import type { TrainedEnsemble } from './ensembles.ts';
import type { TrainedValues } from './parameters.ts';

/** Perturbations that go through, a tile of the card's products. */
const PERTURBATIONS = 32;
/** Layers from the first of each shape on: deeper ones run the same kernels, and may multiply differences of rounding. */
const LAYERS = 3;
/** Layers that perturbations are followed through which leave where they fall below their input: rows are first taken out behind the fourth. */
const LEAVING = 8;

/** Holds networks of one study, as a card computes them, against processors: what has been held once, of layers of one shape, isn't again. */
export class TrainedCheck {
  readonly #values: Pick<TrainedValues, 'input' | 'observable'>;
  readonly #held = new Set<string>();

  constructor(values: Pick<TrainedValues, 'input' | 'observable'>) {
    this.#values = values;
  }

  /**
   * @param adapter what the card is, for messages
   * @throws BackendError (as a rejection) where a card computes what is wrong
   */
  async check({ ensemble, network }: TrainedEnsemble, adapter: string): Promise<void> {
    const shapes = network.layers.map(
      ({ inWidth, outWidth, biasVariance }) => `${ensemble.activation} ${inWidth} ${outWidth} ${biasVariance > 0}`,
    );
    const first = shapes.flatMap((shape, l) => (this.#held.has(shape) || shapes.indexOf(shape) < l ? [] : [l]));
    if (first.length === 0) return;
    const weights = network.read();
    for (const l of first) await this.#hold(ensemble, weights.slice(l, l + LAYERS), l, adapter, { inputStrength: 1 });
    const { inputStrength } = ensemble;
    // Rows that go on are gathered by kernels of their own.
    await this.#hold(ensemble, weights.slice(0, LEAVING), 0, adapter, { inputStrength, floor: inputStrength });
    for (const shape of shapes) this.#held.add(shape);
  }

  async #hold(
    { index, activation, model }: TrainedEnsemble['ensemble'],
    weights: readonly LayerWeights[],
    before: number,
    adapter: string,
    { inputStrength, floor = null }: { readonly inputStrength: number; readonly floor?: number | null },
  ): Promise<void> {
    const { input, observable } = this.#values;
    const own = before === 0 ? input : 'pre-activation';
    const by = (backend: string) => dense({ backend, weights, input: own });
    const shape = { width: weights[0]!.inWidth, depth: weights.length, inputStrength, reuse: PERTURBATIONS };
    const ensemble = { index, activation, weightVariance: 1, biasVariance: 0, ...shape };
    const options: EngineOptions = { ensemble, seed: 1, observable, floor, windowRows: 65_536 };
    const of = `layers ${before + 1} to ${before + weights.length} of ${model}`;
    await checkSameStrengths(by('webgpu'), by('simd'), PERTURBATIONS, options, { what: of, adapter });
  }
}
