import { ParameterError } from '../error.ts';
import { type KsConvention, kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { indexAtLeast, type OrderedSample } from './ordered-sample.ts';
import { exponentOf, type PowerLaw, probabilityBelow } from './power-law.ts';
import { cutTail, leastSpread, type Tail, tailBetween } from './tail.ts';

export interface XminScan {
  /** Every position but the last is tried where this is `all`; a number: at most so many, spread evenly over ln x. */
  readonly candidates?: 'all' | number;
  /** Fewest values that a tail may have; default 2. */
  readonly leastTail?: number;
  readonly convention?: KsConvention;
}

/**
 * The xmin whose maximum-likelihood power law is nearest to the data in Kolmogorov–Smirnov distance (Clauset et al.
 * 2009, section 3.3); of equal distances the smallest xmin. Exact over the candidates: first every √m-th of them, for a
 * good distance to beat, then the others, each given up once it is clearly beaten, and skipped where its neighbour's
 * distance bounds its own.
 * @throws ParameterError where fewer than 2 distinct values lie below xmax
 */
export function scanXmin(sample: OrderedSample, xmax = Infinity, options: XminScan = {}): Tail {
  const { candidates = 'all', leastTail = 2, convention = 'left' } = options;
  const whole = cutTail(sample, sample.position[0]!, xmax);
  const { last } = whole;
  if (last - whole.first < 2) {
    const x = sample.position[0];
    throw new ParameterError(
      `xmin can't be found from fewer than 2 distinct values: got ${sample.countFrom[0]} of them all equal to ${x}`,
    );
  }
  const tried = candidatePositions(sample, last - 1, candidates);
  let best: { first: number; ks: number } | undefined;
  let reference: Reference | undefined;
  const attempt = (first: number): void => {
    const tail = tailBetween(sample, first, last, sample.position[first]!, whole.xmax);
    if (tail.n < leastTail || !(tail.meanExcess > leastSpread)) return;
    const exponent = exponentOf(tail, reference?.law.exponent);
    const law = { discrete: sample.discrete, exponent, xmin: tail.xmin, xmax: tail.xmax };
    if (best !== undefined && reference !== undefined && leastDistance(reference, tail, law) > best.ks) return;
    const ks = kolmogorovSmirnov(tail, law, convention, best && 1.25 * best.ks);
    reference = { tail, law, ks };
    if (best === undefined || ks < best.ks || (ks === best.ks && first < best.first)) best = { first, ks };
  };
  const stride = Math.ceil(Math.sqrt(tried.length));
  for (let k = 0; k < tried.length; k += stride) attempt(tried[k]!);
  for (let k = 0; k < tried.length; k++) if (k % stride !== 0) attempt(tried[k]!);
  if (best === undefined) {
    throw new ParameterError(
      `xmin can't be found: no tail has ${leastTail} values that differ by more than a billionth, the sample has ${whole.n}`,
    );
  }
  return tailBetween(sample, best.first, last, sample.position[best.first]!, whole.xmax);
}

/** A tail whose distance is known to be at least `ks`. */
interface Reference {
  readonly tail: Tail;
  readonly law: PowerLaw;
  readonly ks: number;
}

/**
 * A lower bound on the distance of a tail inside the reference's. Cutting off a share ε of the data moves the empirical
 * distribution by at most ε, a share of the law likewise; changing the exponent by Δ moves it by at most Δ·sd(ln x)/2,
 * and for the continuous law sd(ln x) is at most 1/|rate| and ln(xmax/xmin)/√12.
 */
function leastDistance(reference: Reference, tail: Tail, law: PowerLaw): number {
  const from = reference.law;
  if (law.discrete || tail.xmin < from.xmin) return 0;
  const lost = 1 - tail.n / reference.tail.n;
  const below = probabilityBelow(from)(tail.xmin);
  const [a, b] = [from.exponent - 1, law.exponent - 1];
  const flat = Math.log(from.xmax / from.xmin) / Math.sqrt(12);
  const deviation = a * b > 0 ? Math.min(flat, 1 / Math.min(Math.abs(a), Math.abs(b))) : flat;
  return reference.ks - lost - below - (Math.abs(a - b) * deviation) / 2;
}

/** At most `candidates` of the first `end` positions, spread evenly over ln x. */
export function candidatePositions(sample: OrderedSample, end: number, candidates: 'all' | number): Int32Array {
  if (candidates === 'all' || candidates >= end) return Int32Array.from({ length: end }, (_, j) => j);
  const low = sample.logPosition[0]!;
  const high = sample.logPosition[end - 1]!;
  const chosen = new Set<number>();
  for (let k = 0; k < candidates; k++) {
    const x = low + ((high - low) * k) / Math.max(candidates - 1, 1);
    chosen.add(Math.min(indexAtLeast(sample.logPosition, x), end - 1));
  }
  return Int32Array.from(chosen).sort();
}
