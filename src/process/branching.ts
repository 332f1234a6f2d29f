import { poisson } from '../numeric/poisson.ts';
import type { RandomStream } from '../numeric/random.ts';
import { checkRange, leastActivity, type Process, type Trajectory } from './control.ts';
import { branchingLaw } from './law/branching-law.ts';

class Population implements Trajectory {
  readonly #mean: number;
  #stream!: RandomStream;
  #alive = 1;

  constructor(mean: number) {
    this.#mean = mean;
  }

  begin(stream: RandomStream): void {
    this.#stream = stream;
    this.#alive = 1;
  }

  next(): number {
    this.#alive = poisson(this.#stream, this.#mean * this.#alive);
    return this.#alive;
  }
}

/**
 * Galton–Watson branching: every individual of a layer has Poisson(m) offspring in the next, independently; one ancestor in layer 0. The
 * signal is the number alive, its avalanche lasts until nobody is.
 */
export const branching: Process = {
  name: 'branching',
  doc: 'Galton–Watson branching with Poisson offspring, mean m',
  defaults: { m: 1 },
  depth: 8192,
  avalanches: 600_000,
  cost: 1,
  rule: 'first-passage',
  check: ({ m }) => checkRange('the mean offspring m', m, 0, 1000),
  drive: () => 1,
  threshold: () => leastActivity,
  // Off the critical point survival decays as e^{−|ln m|·t}.
  cutoff: ({ m }) => 1 / Math.abs(Math.log(m!)),
  trajectory: ({ m }) => new Population(m!),
  known: () => ({
    tau: 3 / 2,
    alpha: 2,
    gamma: 2,
    class: 'mean_field',
    source: 'Harris, The Theory of Branching Processes (1963), I.9–I.13; Otter, Ann. Math. Stat. 20, 206 (1949)',
  }),
  law: ({ m }) => branchingLaw(m!),
};
