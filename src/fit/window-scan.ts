import { ParameterError } from '../error.ts';
import { type ChosenTail, candidatePositions } from './cutoff-scan.ts';
import { type KsConvention, kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import type { OrderedSample } from './ordered-sample.ts';
import { exponentOf } from './power-law.ts';
import { cutTail, leastSpread, type Tail, tailBetween } from './tail.ts';

export interface WindowScan {
  /** Positions, evenly over ln x, that are tried as either cutoff; default 80. */
  readonly grid?: number;
  /** Smallest xmax/xmin; default 10. */
  readonly leastRatio?: number;
  /** Fewest values between the cutoffs; default 50. */
  readonly leastTail?: number;
  readonly convention?: KsConvention;
}

/**
 * Both cutoffs, or xmax alone where xmin is given: of all windows between positions of a logarithmic grid, and of those
 * without an upper cutoff, the one whose own maximum-likelihood (bounded) power law is nearest in Kolmogorov–Smirnov
 * distance; of equal distances the widest. The rule for xmin of Clauset et al. 2009, taken for both ends at once: an
 * xmin found alone runs into the cutoff of a finite system.
 * @throws ParameterError where no window is wide and full enough
 */
export function scanWindow(sample: OrderedSample, xmin: number | 'auto', options: WindowScan = {}): ChosenTail {
  const { grid = 80, leastRatio = 10, leastTail = 50, convention = 'left' } = options;
  const m = sample.position.length;
  const tried = candidatePositions(sample, m, grid);
  const fixed = xmin === 'auto' ? undefined : cutTail(sample, xmin);
  const starts = fixed === undefined ? tried : Int32Array.of(fixed.first);
  let best: ChosenTail | undefined;
  const attempt = (tail: Tail): void => {
    const top = sample.upper?.[tail.last - 1] ?? sample.position[tail.last - 1]!;
    if (
      tail.n < leastTail ||
      !(tail.meanExcess > leastSpread) ||
      tail.last - tail.first < 2 ||
      top < leastRatio * tail.xmin
    )
      return;
    const exponent = exponentOf(tail);
    const law = { discrete: sample.discrete, exponent, xmin: tail.xmin, xmax: tail.xmax };
    const ks = kolmogorovSmirnov(tail, law, convention, best?.ks);
    if (best === undefined || ks < best.ks) best = { tail, ks };
  };
  for (const first of starts) {
    const from = fixed?.xmin ?? sample.position[first]!;
    attempt(tailBetween(sample, first, m, from, Infinity));
    for (let k = tried.length - 1; k >= 0 && tried[k]! > first; k--) {
      attempt(tailBetween(sample, first, tried[k]! + 1, from, highest(sample, tried[k]!)));
    }
  }
  if (best === undefined) {
    throw new ParameterError(
      `cutoffs can't be found: no window with xmax/xmin of at least ${leastRatio} holds ${leastTail} values`,
    );
  }
  return best;
}

/** The largest value that position j may stand for. */
function highest(sample: OrderedSample, j: number): number {
  if (sample.upper === null) return sample.position[j]!;
  return sample.discrete ? sample.upper[j]! - 1 : sample.upper[j]!;
}
