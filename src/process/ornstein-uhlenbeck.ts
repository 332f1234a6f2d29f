import type { RandomStream } from '../numeric/random.ts';
import { checkRange, type Process, type Trajectory } from './control.ts';
import { ornsteinUhlenbeckLaw } from './law/ornstein-uhlenbeck-law.ts';

/**
 * A stationary Gaussian chain of autocorrelation e^{−l/relaxation}: exact values of an Ornstein–Uhlenbeck process at whole times. A realisation
 * begins with a step from below the level to above it, as stationary crossings do, so that its first excursion has the law of all others.
 */
class Chain implements Trajectory {
  readonly #level: number;
  readonly #keep: number;
  readonly #spread: number;
  #stream!: RandomStream;
  #first: number | undefined;
  #value = 0;

  constructor(relaxation: number, level: number) {
    this.#level = level;
    this.#keep = Math.exp(-1 / relaxation);
    this.#spread = Math.sqrt(-Math.expm1(-2 / relaxation));
  }

  begin(stream: RandomStream): void {
    this.#stream = stream;
    let before: number;
    let after: number;
    do {
      before = stream.normal();
      after = this.#keep * before + this.#spread * stream.normal();
    } while (!(before < this.#level && after >= this.#level));
    this.#first = after;
  }

  next(): number {
    if (this.#first !== undefined) {
      this.#value = this.#first;
      this.#first = undefined;
    } else this.#value = this.#keep * this.#value + this.#spread * this.#stream.normal();
    return this.#value;
  }
}

/**
 * Excursions of an Ornstein–Uhlenbeck process above a level, all those of a long trace. Far shorter than the relaxation time it is a random walk,
 * and its excursions are those of one.
 */
export const ornsteinUhlenbeck: Process = {
  name: 'ornstein-uhlenbeck',
  doc: 'excursions of a stationary Ornstein–Uhlenbeck process above a level, in standard deviations from its mean',
  defaults: { relaxation: 8192, level: 0 },
  depth: 65_536,
  avalanches: 80_000,
  cost: 16,
  rule: 'excursions',
  check: ({ relaxation, level }) => {
    checkRange('the relaxation time in layers', relaxation, 1, 1e9);
    checkRange('the level', level, -3, 3);
  },
  drive: () => 0,
  threshold: ({ level }) => level!,
  cutoff: ({ relaxation }) => relaxation!,
  // Rice: the share of layers with a step from below the level to above it, to first order in the step.
  crop: ({ relaxation, level }, depth) =>
    (depth * Math.acos(Math.exp(-1 / relaxation!)) * Math.exp(-(level! ** 2) / 2)) / (2 * Math.PI),
  trajectory: ({ relaxation, level }) => new Chain(relaxation!, level!),
  known: () => ({
    tau: 4 / 3,
    alpha: 3 / 2,
    gamma: 3 / 2,
    class: 'brownian_excursion',
    source: 'Villegas, di Santo, Burioni & Muñoz, Phys. Rev. E 100, 012133 (2019), arXiv:1902.10465',
  }),
  law: ({ relaxation, level }) => ornsteinUhlenbeckLaw(relaxation!, level!),
};
