import type { RandomStream } from '../numeric/random.ts';
import { checkRange, type Process, type Trajectory } from './control.ts';
import { lazyWalkLaw } from './law/lazy-walk-law.ts';

/** A lazy walk: steps −1, 0, +1 with probability ¼, ½, ¼, sixteen to a random word. */
class LazyWalk implements Trajectory {
  readonly #start: number;
  #stream!: RandomStream;
  #height = 0;
  #bits = 0;
  #left = 0;

  constructor(start: number) {
    this.#start = start;
  }

  begin(stream: RandomStream): void {
    this.#stream = stream;
    this.#height = this.#start;
    this.#left = 0;
  }

  next(): number {
    if (this.#left === 0) {
      this.#bits = this.#stream.nextUint32();
      this.#left = 16;
    }
    this.#height += (this.#bits & 1) + ((this.#bits >>> 1) & 1) - 1;
    this.#bits >>>= 2;
    this.#left--;
    return this.#height;
  }
}

/** The float32 after a positive one. */
function float32After(value: number): number {
  const single = Float32Array.of(value);
  new Int32Array(single.buffer)[0]! += 1;
  return single[0]!;
}

/**
 * An excursion of a random walk until it is one below the height it starts from. Heights are integers, exact in float32; the start is far above 0, so
 * that the sum from zero is nearly start × duration. The threshold is the least above that end, as one of counts is the least above none: the excess
 * is the area between the walk and its end, to a part in 10⁴ of a step.
 */
export const randomWalk: Process = {
  name: 'random-walk',
  doc: 'excursion of a lazy random walk until it is one below its start',
  defaults: { start: 1024 },
  depth: 8192,
  avalanches: 200_000,
  cost: 5,
  rule: 'first-passage',
  check: ({ start }, depth) => {
    checkRange('the start of the walk', start, 2, 2 ** 23);
    checkRange('the depth of a walk whose heights are exact in float32', depth, 1, 2 ** 23);
  },
  drive: ({ start }) => start!,
  threshold: ({ start }) => float32After(start! - 1),
  cutoff: () => Infinity,
  trajectory: ({ start }) => new LazyWalk(start!),
  known: () => ({
    tau: 4 / 3,
    alpha: 3 / 2,
    gamma: 3 / 2,
    class: 'brownian_excursion',
    source:
      'first return ~ D^(−3/2), area of an excursion ~ D^(3/2): Villegas et al., Phys. Rev. E 100, 012133 (2019), arXiv:1902.10465',
  }),
  law: () => lazyWalkLaw,
};
