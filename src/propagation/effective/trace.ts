import { RandomStream } from '../../numeric/random.ts';
import { absorb } from '../../numeric/random-key.ts';
import type { EngineOptions } from '../engine.ts';
import type { SignalRows } from '../signal-rows.ts';
import type { LayerLaw } from './layer-law.ts';

const WORD = 2 ** 32;

/** One perturbation going through fresh layers, in plain TypeScript: for laws that the kernel has no tables of, and the reference that the kernel is tested against. */
export class Trace {
  done = true;
  readonly #law: LayerLaw;
  readonly #options: EngineOptions;
  readonly #floors: Float32Array | null;
  readonly #floor: number;
  readonly #prefix: Int32Array;
  readonly #key = new Int32Array(4);
  #stream: RandomStream;
  #id = 0;
  #layer = 0;
  readonly #state = new Float64Array(3);

  /** @param prefix what ids are absorbed into */
  constructor(law: LayerLaw, options: EngineOptions, prefix: Int32Array) {
    const { floor } = options;
    this.#law = law;
    this.#options = options;
    this.#floors = floor instanceof Float32Array ? floor : null;
    this.#floor = typeof floor === 'number' ? Math.fround(floor) : Number.NEGATIVE_INFINITY;
    this.#prefix = prefix;
    this.#stream = new RandomStream(this.#prefix);
  }

  /** Begins a perturbation: its stream depends on seed, ensemble and id alone. */
  open(id: number): void {
    this.#key.set(this.#prefix);
    absorb(this.#key, id | 0, (id / WORD) | 0);
    this.#stream = new RandomStream(this.#key);
    this.#id = id;
    this.#layer = 0;
    this.#state[2] = this.#law.drive(this.#stream, this.#options.ensemble.inputStrength ** 2);
    this.done = false;
  }

  /** Goes on until the trace has ended or the window is full. */
  follow(rows: SignalRows): void {
    const law = this.#law;
    const stream = this.#stream;
    const id = this.#id;
    const floors = this.#floors;
    const options = this.#options;
    const state = this.#state;
    const { depth, weightVariance, biasVariance } = options.ensemble;
    const post = options.observable === 'post-activation';
    const lasting = options.floor === null;
    let floor = this.#floor;
    let layer = this.#layer;
    let done: boolean;
    do {
      layer++;
      state[0] = weightVariance * state[2]! + biasVariance;
      law.draw(stream, state);
      const strength = Math.fround(Math.sqrt(state[post ? 2 : 1]!));
      rows.push(id, layer, strength);
      if (floors !== null) floor = floors[layer]!;
      // A strength that is not finite has been passed on and stays so: there is nothing left to follow.
      done = layer >= depth || (!lasting && !(strength >= floor && strength < Number.POSITIVE_INFINITY));
    } while (!done && !rows.full);
    this.#layer = layer;
    this.done = done;
  }
}
