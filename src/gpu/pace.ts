import type { Gpu } from './device.ts';

/** Target duration of a dispatch in seconds: beyond a tenth of a second a desktop stutters. */
const DISPATCH = 0.05;

/** Seconds after which a dispatch was too long, and not one that waited for those of other threads or programs. */
const TOO_LONG = 4 * DISPATCH;
/** Factor by which one dispatch may lower the estimate of a card's speed at most. */
const RISE = 4;

/** What a dispatch did: perturbations that began, layers of all in it, and the most layers of any of them, in so many seconds. */
export interface Dispatched {
  readonly begun: number;
  readonly work: number;
  readonly longest: number;
  readonly seconds: number;
}

/** What is known of a card's speed at something, by a name for it; from what is known of the card where it was never done. */
export function paceOf(gpu: Gpu, name: string, width: number): Pace {
  const pace = gpu.paces.get(name) ?? new Pace(gpu, width);
  gpu.paces.set(name, pace);
  return pace;
}

/**
 * How much a dispatch may be given. Its time is that of all neurons and layers, or of the layers of whoever is followed longest, which come
 * one after the other however idle a card is: the greater of the two.
 */
export class Pace {
  readonly #width: number;
  /** Seconds a neuron and layer, and seconds a layer of one perturbation alone. */
  #neuron: number;
  #layer: number;

  constructor({ slowest, software }: Pick<Gpu, 'slowest' | 'software'>, width: number) {
    this.#width = width;
    this.#neuron = slowest;
    // One perturbation has the smallest part of a card to itself.
    this.#layer = 2e-5 + (software ? 1 : 40) * slowest * width;
  }

  /** Perturbations that can be followed for so many layers in one dispatch. */
  most(layers: number): number {
    return Math.max(1, Math.min(2 ** 31 / layers, Math.floor(DISPATCH / (this.#neuron * this.#width * layers))));
  }

  /** Layers for which so many can be followed in one dispatch. */
  layers(perturbations: number): number {
    // The first layer takes three passes. Rounds of fewer than eight layers are all overhead: most() cuts these.
    const fewest = this.#width > 1e5 ? 1 : 8;
    const all = Math.min(DISPATCH / (this.#neuron * this.#width), 2 ** 31) / perturbations;
    return Math.max(fewest, Math.floor(Math.min(all, DISPATCH / this.#layer)) - 2);
  }

  /**
   * Learns from a dispatch. Each time is at most what it would be, were it what bounds: so both fall. Where a dispatch took too long the one
   * that should have taken longer rises, not without bound, since others may use the card, too. One in which nothing was done says nothing.
   */
  learn({ begun, work, longest, seconds }: Dispatched): void {
    if (work === 0) return;
    // Inputs take three passes.
    const [neurons, layers] = [this.#width * (work + begun), longest + (begun > 0 ? 2 : 0)];
    if (seconds <= TOO_LONG) {
      this.#neuron = Math.min(this.#neuron, seconds / neurons);
      this.#layer = Math.min(this.#layer, seconds / layers);
    } else if (this.#neuron * neurons > this.#layer * layers) {
      this.#neuron = Math.min(seconds / neurons, RISE * this.#neuron);
    } else {
      this.#layer = Math.min(seconds / layers, RISE * this.#layer);
    }
  }
}
