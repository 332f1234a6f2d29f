import { ParameterError } from '../../error.ts';
import { binomial } from '../../numeric/binomial.ts';
import { fineUniform } from '../../numeric/fine-uniform.ts';
import { createStream, type RandomStream } from '../../numeric/random.ts';
import { drawCounts } from '../bootstrap-cells.ts';
import type { CutoffOptions, FitOptions } from '../fit-power-law.ts';
import { type PowerLaw, quantile } from '../power-law.ts';
import { censoredDistance, chooseCensored } from './choose.ts';
import { censoredExponent, estimateCensored } from './estimate.ts';
import { censoringFrom, kaplanMeier } from './kaplan-meier.ts';
import { type Bounds, type CensoredOrder, type CensoredSample, orderCensored } from './sample.ts';
import { atRisk } from './tail.ts';

/** All that a repetition of the bootstrap of a censored sample needs: plain arrays, so that it crosses threads. */
export interface CensoredPlan {
  readonly law: PowerLaw;
  readonly options: CutoffOptions;
  /** The data's own distance. */
  readonly ks: number;
  /** Values and bounds to be drawn, and how many of the data are at or above xmin. */
  readonly n: number;
  readonly nTail: number;
  /** Share of those that lie beyond xmax. */
  readonly beyond: number;
  /** P(C ≥ c) of what ends the watching, from xmin on. */
  readonly censoring: Bounds;
  /** Distinct values, then distinct bounds, with their numbers. */
  readonly at: Float64Array;
  readonly count: Float64Array;
  readonly distinctValues: number;
}

/** Names the draws of this room among the keys of random streams. */
const purpose = { synthetic: 0x63656e73, resampled: 0x63647261 };

/**
 * Fits the data and prepares the bootstrap.
 * @throws ParameterError where the data or the options don't allow a fit
 */
export function planCensored(sample: CensoredSample, { alternatives: _, ...options }: FitOptions): CensoredPlan {
  const order = orderCensored(sample, options.discrete);
  const tail = chooseCensored(order, options);
  const fit = estimateCensored(tail);
  const { discrete, exponent, xmin, xmax, beyond } = fit;
  const { values, bounds } = order;
  const nTail = atRisk(order, xmin);
  const counts = ({ countFrom }: Bounds): number[] =>
    Array.from(countFrom.subarray(1), (later, j) => countFrom[j]! - later);
  return {
    law: { discrete, exponent, xmin, xmax },
    options,
    ks: censoredDistance(kaplanMeier(order), tail, fit, options.convention),
    n: (options.xmin ?? 'auto') === 'auto' ? values.countFrom[0]! + bounds.countFrom[0]! : nTail,
    nTail,
    beyond,
    censoring: censoringFrom(order, xmin),
    at: Float64Array.from([...values.position, ...bounds.position]),
    count: Float64Array.from([...counts(values), ...counts(bounds)]),
    distinctValues: values.position.length,
  };
}

/** Distance of a synthetic sample; exponent and xmin of the data drawn again: {@link repetition} of a censored sample. */
export function censoredRepetition(plan: CensoredPlan, seed: number, i: number): [number, number, number] {
  const { options } = plan;
  const again = firstFit(
    (attempt) => drawnAgain(plan, createStream(seed, purpose.resampled, i, attempt)),
    (order) => {
      const tail = chooseCensored(order, options);
      return { exponent: censoredExponent(tail), xmin: tail.xmin };
    },
    plan,
  );
  const distance = firstFit(
    (attempt) => synthetic(plan, createStream(seed, purpose.synthetic, i, attempt)),
    (order) => {
      const tail = chooseCensored(order, options);
      const exponent = censoredExponent(tail);
      return censoredDistance(kaplanMeier(order), tail, { ...plan.law, exponent, xmin: tail.xmin }, options.convention);
    },
    plan,
  );
  return [distance, again.exponent, again.xmin];
}

/** What a small sample gives that allows a fit: where it doesn't, it is drawn again. */
function firstFit<T>(
  draw: (attempt: number) => CensoredSample,
  measure: (order: CensoredOrder) => T,
  { law, nTail }: CensoredPlan,
): T {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      return measure(orderCensored(draw(attempt), law.discrete));
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
    }
  }
  throw new ParameterError(`a bootstrap needs data whose fit can be repeated, got ${nTail} values that mostly can't`);
}

/** As many of the data, with replacement: pairs of a value and whether it is a bound. */
function drawnAgain({ at, count, distinctValues }: CensoredPlan, stream: RandomStream): CensoredSample {
  const all = count.reduce((sum, c) => sum + c, 0);
  const drawn = drawCounts(stream, all, count);
  const part = (from: number, to: number) => ({ value: at.subarray(from, to), count: drawn.subarray(from, to) });
  return { values: part(0, distinctValues), bounds: part(distinctValues, at.length) };
}

/**
 * From xmin on a value of the law, or one beyond xmax, and when its watching ends, by the product-limit estimate of that: the smaller of the two is seen.
 * Where the largest of the data is no bound, watching that outlasts it has no end. Below xmin the data, drawn again.
 */
function synthetic(plan: CensoredPlan, stream: RandomStream): CensoredSample {
  const { law, n, nTail, beyond, censoring } = plan;
  const inTail = n === nTail ? n : binomial(stream, n, nTail / n);
  const draw = quantile(law);
  const { values, bounds } = below(plan, stream, n - inTail);
  const outside = law.discrete ? law.xmax + 1 : 2 * law.xmax;
  for (let k = 0; k < inTail; k++) {
    const x = beyond > 0 && fineUniform(stream) < beyond ? outside : draw(fineUniform(stream));
    const c = drawEnd(censoring, fineUniform(stream));
    if (c <= x) bounds.push(c);
    else values.push(x);
  }
  return { values, bounds };
}

/** Where the watching ends whose share u of all ends end before. */
function drawEnd({ position, countFrom }: Bounds, u: number): number {
  let low = 0;
  let high = position.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (1 - countFrom[middle + 1]! > u) high = middle;
    else low = middle + 1;
  }
  return position[low] ?? Infinity;
}

function below({ law, at, count, distinctValues }: CensoredPlan, stream: RandomStream, n: number) {
  const [values, bounds]: [number[], number[]] = [[], []];
  if (n === 0) return { values, bounds };
  const mass = count.map((c, j) => (at[j]! < law.xmin ? c : 0));
  drawCounts(stream, n, mass).forEach((drawn, j) => {
    const into = j < distinctValues ? values : bounds;
    for (let k = 0; k < drawn; k++) into.push(at[j]!);
  });
  return { values, bounds };
}
