import { ParameterError } from '../error.ts';
import { poisson } from '../numeric/poisson.ts';
import type { RandomStream } from '../numeric/random.ts';
import { checkRange, leastActivity, type Process, type Trajectory } from './control.ts';
import { abbmLaw } from './law/abbm-law.ts';

/**
 * The velocity at the layers t = 1, 2, …, 0 from the layer on in which it touched 0. Exact, with no step to choose: a squared Bessel process of
 * dimension 2c killed at 0 goes from v to v′ within a unit of time with density Σ_n e^{−v}v^{n+ν}/Γ(n + ν + 1) · v′ⁿe^{−v′}/n!, ν = 1 − c
 * (Göing-Jaeschke & Yor, Bernoulli 9, 313 (2003), doi:10.3150/bj/1068128980, eq. (14)). So with G ~ Gamma(ν) it has touched 0 if G ≥ v, else
 * n ~ Poisson(v − G) and v′ ~ Gamma(n + 1).
 */
class Velocity implements Trajectory {
  readonly #index: number;
  readonly #start: number;
  #stream!: RandomStream;
  #velocity = 0;

  constructor(c: number, start: number) {
    this.#index = 1 - c;
    this.#start = start;
  }

  begin(stream: RandomStream): void {
    this.#stream = stream;
    this.#velocity = this.#start;
  }

  next(): number {
    const stream = this.#stream;
    const left = this.#velocity === 0 ? 0 : this.#velocity - stream.gamma(this.#index);
    this.#velocity = left > 0 ? stream.gamma(poisson(stream, left) + 1) : 0;
    return this.#velocity;
  }
}

/**
 * The ABBM model of a domain wall (Alessandro, Beatrice, Bertotti & Montorsi, J. Appl. Phys. 68, 2901 (1990)) at drive c without
 * demagnetising field: its velocity, dv = c·dt + √(2v)·dW. An avalanche lasts until the velocity is 0.
 */
export const abbm: Process = {
  name: 'abbm',
  doc: 'ABBM domain wall at drive c: velocity until it is 0',
  defaults: { c: 0, start: 1 },
  depth: 8192,
  avalanches: 300_000,
  cost: 1,
  rule: 'first-passage',
  check: ({ c, start }) => {
    // From c = 1 on the velocity never returns to 0.
    if (!(c !== undefined && c >= 0 && c < 1)) {
      throw new ParameterError(`the drive c must be a number from 0 to below 1, got ${c}`);
    }
    checkRange('the start of the velocity', start, 2 ** -20, 2 ** 20);
  },
  drive: ({ start }) => start!,
  threshold: () => leastActivity,
  cutoff: () => Infinity,
  trajectory: ({ c, start }) => new Velocity(c!, start!),
  known: ({ c }) => ({
    tau: (3 - c!) / 2,
    alpha: 2 - c!,
    gamma: 2,
    class: c === 0 ? 'mean_field' : null,
    source: 'τ = 3/2 − c/2, α = 2 − c: Durin & Zapperi, The Barkhausen effect, arXiv:cond-mat/0404512',
  }),
  law: ({ c, start }) => abbmLaw(c!, start!),
};
