import type { LayerNumbers } from '../../kernel/effective.ts';
import type { Activation } from '../../network/activation.ts';
import type { RandomStream } from '../../numeric/random.ts';
import { FairBinomial } from './fair-binomial.ts';
import { isConstant, MeanSquareTable } from './table.ts';

/**
 * One layer's law given the variance of its pre-activations, all that the annealed network remembers of the layers before.
 * The state is [variance v, energy (1/N)Σ h², activity (1/N)Σ φ(h)²], a typed array because numbers that calls pass and return are
 * allocated where the call isn't inlined.
 */
export interface LayerLaw {
  /** Draws a layer whose pre-activations are N(0, state[0]) into state[1] and state[2]. */
  draw(stream: RandomStream, state: Float64Array): void;
  /** (1/N)Σ φ(h)² of an input that is uniform on the sphere (1/N)Σ h² = q exactly. */
  drive(stream: RandomStream, q: number): number;
  /** The law as the kernel takes it, the same object for the same law; undefined where it has none. */
  readonly numbers?: LayerNumbers;
}

/** φ² even: the energy is v·χ²_N/N, and (1/N)Σ φ(h)² depends on it alone. */
class SphereLaw implements LayerLaw {
  readonly numbers: LayerNumbers;
  readonly #width: number;
  readonly #table: MeanSquareTable;
  readonly #noisy: boolean;

  constructor(width: number, table: MeanSquareTable) {
    this.#width = width;
    this.#table = table;
    this.#noisy = !table.constant;
    this.numbers = { width, half: width, tables: [table.numbers] };
  }

  draw(stream: RandomStream, state: Float64Array): void {
    const energy = (state[0]! * stream.chiSquared(this.#width)) / this.#width;
    state[1] = energy;
    state[2] = this.#table.at(energy, this.#noisy ? stream.normal() : 0);
  }

  drive(stream: RandomStream, q: number): number {
    return this.#table.at(q, this.#noisy ? stream.normal() : 0);
  }
}

/**
 * φ² not even: first the number K ~ Bin(N, 1/2) of positive neurons, then the energies χ²_K and χ²_{N−K} of the two signs; each
 * part is uniform on its own sphere. Exact where φ is linear by sign (relu, leaky-relu); otherwise the tables of N/2 neurons stand in
 * for those of K, whose relative deviation is of order N^{−3/2} and averages out.
 */
class SignedLaw implements LayerLaw {
  readonly numbers: LayerNumbers;
  readonly #width: number;
  readonly #half: number;
  readonly #positive: MeanSquareTable;
  readonly #negative: MeanSquareTable;
  readonly #signs: FairBinomial;

  constructor(width: number, half: number, positive: MeanSquareTable, negative: MeanSquareTable) {
    this.#width = width;
    this.#half = half;
    this.#positive = positive;
    this.#negative = negative;
    this.#signs = new FairBinomial(width);
    this.numbers = { width, half, tables: [positive.numbers, negative.numbers], signs: this.#signs.numbers };
  }

  draw(stream: RandomStream, state: Float64Array): void {
    const v = state[0]!;
    const count = this.#signs.draw(stream);
    const plus = v * stream.chiSquared(count);
    const minus = v * stream.chiSquared(this.#width - count);
    state[1] = (plus + minus) / this.#width;
    state[2] = this.#meanSquare(stream, count, plus, minus);
  }

  drive(stream: RandomStream, q: number): number {
    const count = this.#signs.draw(stream);
    const plus = stream.chiSquared(count);
    const minus = stream.chiSquared(this.#width - count);
    const scale = (q * this.#width) / (plus + minus);
    return this.#meanSquare(stream, count, scale * plus, scale * minus);
  }

  #meanSquare(stream: RandomStream, count: number, plus: number, minus: number): number {
    return (
      (this.#part(stream, this.#positive, count, plus) +
        this.#part(stream, this.#negative, this.#width - count, minus)) /
      this.#width
    );
  }

  /** Σ φ² over `count` neurons of one sign whose squares sum to `sum`. */
  #part(stream: RandomStream, table: MeanSquareTable, count: number, sum: number): number {
    if (count === 0) return 0;
    if (table.constant) return table.at(sum, 0);
    return count * table.at(sum / count, stream.normal() * Math.sqrt(this.#half / count));
  }
}

/** Every neuron drawn: exact for every φ and N, at a cost of O(N). */
class NeuronLaw implements LayerLaw {
  readonly #activation: Activation;
  readonly #z: Float64Array;

  constructor(width: number, activation: Activation) {
    this.#activation = activation;
    this.#z = new Float64Array(width);
  }

  draw(stream: RandomStream, state: Float64Array): void {
    const v = state[0]!;
    state[1] = (v * this.#sample(stream)) / this.#z.length;
    state[2] = this.#meanSquare(v);
  }

  drive(stream: RandomStream, q: number): number {
    return this.#meanSquare((q * this.#z.length) / this.#sample(stream));
  }

  /** Fills z with standard normals; returns Σ z². */
  #sample(stream: RandomStream): number {
    const z = this.#z;
    let sum = 0;
    for (let i = 0; i < z.length; i++) {
      const value = stream.normal();
      z[i] = value;
      sum += value * value;
    }
    return sum;
  }

  #meanSquare(v: number): number {
    const z = this.#z;
    const { gain, phi } = this.#activation;
    const scale = Math.sqrt(v);
    let sum = 0;
    if (gain === undefined) {
      for (let i = 0; i < z.length; i++) sum += phi(scale * z[i]!) ** 2;
      return sum / z.length;
    }
    for (let i = 0; i < z.length; i++) sum += z[i]! * z[i]! * gain(scale * z[i]!);
    return (v * sum) / z.length;
  }
}

/** Beyond this ratio of conditional standard deviation to mean a Gaussian doesn't describe the fluctuation any more. */
const roughest = 0.2;
/** Largest ratio of conditional standard deviation to mean at any y, over both signs together. */
function roughness(both: readonly MeanSquareTable[]): number {
  let largest = 0;
  for (let y = 2 ** -40; y < 2 ** 40; y *= Math.SQRT2) {
    let mean = 0;
    let variance = 0;
    for (const table of both) {
      mean += (table.at(y, 1) + table.at(y, -1)) / 2;
      variance += ((table.at(y, 1) - table.at(y, -1)) / 2) ** 2;
    }
    if (mean > 0) largest = Math.max(largest, Math.sqrt(variance) / mean);
  }
  return largest;
}

/** Signed halves need a few neurons each. */
const narrowest = 8;

const laws = new WeakMap<Activation, Map<string, LayerLaw>>();
const tables = new WeakMap<Activation, Map<number, MeanSquareTable[]>>();

/** Tables of an activation for both signs (one where φ² is even), over n neurons; made once. */
function tablesOf(activation: Activation, n: number): MeanSquareTable[] {
  const known = tables.get(activation) ?? new Map<number, MeanSquareTable[]>();
  tables.set(activation, known);
  let made = known.get(n);
  if (made === undefined) {
    const { gain, phi } = activation;
    const signs = activation.evenSquare ? [1] : [1, -1];
    made = signs.map(
      (sign) => new MeanSquareTable(n, gain ? (h) => gain(sign * h) : (h) => phi(sign * h) ** 2, gain !== undefined),
    );
    known.set(n, made);
  }
  return made;
}

/**
 * The law of a layer of `width` neurons, made once.
 * @param exactBelow widths below this one have every neuron drawn, unless the closed law is exact too (linear, relu, leaky-relu)
 */
export function layerLaw(activation: Activation, width: number, exactBelow: number): LayerLaw {
  const known = laws.get(activation) ?? new Map<string, LayerLaw>();
  laws.set(activation, known);
  const key = `${width} ${exactBelow}`;
  let law = known.get(key);
  if (law === undefined) {
    law = makeLaw(activation, width, exactBelow);
    known.set(key, law);
  }
  return law;
}

function makeLaw(activation: Activation, width: number, exactBelow: number): LayerLaw {
  const { gain, evenSquare } = activation;
  const exact = gain !== undefined && isConstant(gain) && (evenSquare || isConstant((h) => gain(-h)));
  if (width < narrowest || (width < exactBelow && !exact)) return new NeuronLaw(width, activation);
  const half = evenSquare ? width : Math.round(width / 2);
  const both = tablesOf(activation, half);
  if (!exact && roughness(both) > roughest) return new NeuronLaw(width, activation);
  const [positive, negative] = both as [MeanSquareTable, MeanSquareTable?];
  return negative === undefined ? new SphereLaw(width, positive) : new SignedLaw(width, half, positive, negative);
}
