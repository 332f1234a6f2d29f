import type { MatrixArena } from '../kernel/matrix.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { hashKey } from '../numeric/random-key.ts';
import type { RandomNetworks } from './backend/layers.ts';
import type { LayerWeights } from './dense-weights.ts';
import { networkWords, purpose } from './quenched-stream.ts';

/** A network being propagated: its random stream, and the perturbations that are still followed. */
interface Member {
  readonly network: number;
  readonly words: Uint32Array;
  ids: readonly number[];
}

/** Networks that go through their layers together, each with the same number of rows; short ones are filled up. */
export class DenseGroup {
  /** Id of every row of networks × rows; −1 for a filler, and once it is retired. */
  ids = new Float64Array(0);
  rows = 0;
  #random: RandomNetworks | undefined;
  #members: Member[];
  readonly #ensemble: Ensemble;
  readonly #seed: number;

  constructor(ensemble: Ensemble, seed: number, networks: readonly { network: number; ids: readonly number[] }[]) {
    this.#ensemble = ensemble;
    this.#seed = seed;
    this.#members = networks.map(({ network, ids }) => ({
      network,
      words: networkWords(seed, ensemble.index, network, purpose.denseWeights),
      ids,
    }));
    this.#layOut();
  }

  get networks(): number {
    return this.#members.length;
  }

  #layOut(): void {
    this.rows = Math.max(...this.#members.map(({ ids }) => ids.length));
    this.ids = new Float64Array(this.networks * this.rows).fill(-1);
    this.#members.forEach(({ ids }, g) => {
      this.ids.set(ids, g * this.rows);
    });
  }

  /** Inputs N(0, I), each from its own stream, rescaled to the input strength. Fillers stay zero. */
  inputs(arena: MatrixArena, out: Float32Array): void {
    const { index, width, inputStrength } = this.#ensemble;
    out.fill(0);
    this.ids.forEach((id, row) => {
      if (id < 0) return;
      const h = out.subarray(row * width, (row + 1) * width);
      arena.normal(networkWords(this.#seed, index, id, purpose.denseInputs), h);
      const strength = Math.sqrt(h.reduce((sum, x) => sum + x * x, 0) / width);
      for (let i = 0; i < width; i++) h[i] = (h[i]! / strength) * inputStrength;
    });
  }

  /** Weights N(0, σw²/N) and biases N(0, σb²) of the next layer, from each network's own stream. */
  weights(arena: MatrixArena, weights: Float32Array, biases: Float32Array): void {
    const { width, weightVariance, biasVariance } = this.#ensemble;
    const size = width * width;
    this.#members.forEach(({ words }, g) => {
      // In ascending order: numbers that are drawn beyond a network's own place are overwritten by the next network's.
      arena.normal(words, weights.subarray(g * size, (g + 1) * size));
      if (biasVariance > 0) arena.normal(words, biases.subarray(g * width, (g + 1) * width));
    });
    arena.scale(weights.subarray(0, this.networks * size), Math.sqrt(weightVariance / width));
    if (biasVariance > 0) arena.scale(biases.subarray(0, this.networks * width), Math.sqrt(biasVariance));
  }

  /** What a backend needs to draw the same law; a new object whenever networks have left. */
  onDevice(): RandomNetworks {
    const seed = this.#seed;
    const members = this.#members;
    const { index, width, weightVariance, biasVariance } = this.#ensemble;
    this.#random ??= {
      keys: Int32Array.from(
        members.flatMap(({ network }) => [...hashKey(seed, [index, purpose.denseOnDevice, network])]),
      ),
      weight: Math.sqrt(weightVariance / width),
      bias: Math.sqrt(biasVariance),
    };
    return this.#random;
  }

  /** Drops retired rows and finished networks. @returns old places of the rows that stay, or undefined where nothing would shrink */
  compact(): Int32Array | undefined {
    const { rows: before, ids: old } = this;
    const places = this.#members.map((_, g) => {
      const alive: number[] = [];
      for (let row = g * before; row < (g + 1) * before; row++) if (old[row]! >= 0) alive.push(row);
      return alive;
    });
    const staying = places.filter((alive) => alive.length > 0);
    const rows = Math.max(0, ...staying.map((alive) => alive.length));
    if (staying.length * rows === old.length) return undefined;
    if (staying.length < this.networks) this.#random = undefined;
    this.#members = this.#members.flatMap((member, g) =>
      places[g]!.length === 0 ? [] : [{ ...member, ids: places[g]!.map((row) => old[row]!) }],
    );
    if (this.#members.length > 0) this.#layOut();
    return Int32Array.from(staying.flatMap((alive) => Array.from({ length: rows }, (_, i) => alive[i] ?? alive[0]!)));
  }
}

/** Copies the given weights of a layer to where the backend wants them. */
export function placeWeights(given: LayerWeights, weights: Float32Array, biases: Float32Array): void {
  weights.set(given.kernel);
  if (given.bias !== undefined) biases.set(given.bias);
}
