import { type KsConvention, kolmogorovSmirnov } from '../kolmogorov-smirnov.ts';
import type { OrderedSample } from '../ordered-sample.ts';
import { exponentOf } from '../power-law.ts';
import type { Tail } from '../tail.ts';
import { candidateWindows, type WindowOptions } from './candidates.ts';
import { noWindow } from './widest.ts';

export interface SmallestKsOptions extends WindowOptions {
  readonly convention?: KsConvention;
}

/**
 * Of all windows the one whose own maximum-likelihood (bounded) power law is nearest in Kolmogorov–Smirnov distance; of equal distances the
 * widest. The rule for xmin of Clauset et al. 2009 (section 3.3), taken for both ends at once: an xmin found alone runs into the cutoff of a
 * finite system. It prefers short windows with few values, and its window jumps from sample to sample.
 * @throws ParameterError where no window is wide and full enough
 */
export function smallestKsWindow(sample: OrderedSample, options: SmallestKsOptions = {}): Tail {
  let best: { tail: Tail; ks: number } | undefined;
  for (const tail of candidateWindows(sample, options)) {
    const law = { discrete: sample.discrete, exponent: exponentOf(tail), xmin: tail.xmin, xmax: tail.xmax };
    const ks = kolmogorovSmirnov(tail, law, options.convention, best?.ks);
    if (best === undefined || ks < best.ks) best = { tail, ks };
  }
  if (best === undefined) throw noWindow(options);
  return best.tail;
}
