import type { OrderedSample } from '../ordered-sample.ts';
import type { Bounds, CensoredOrder } from './sample.ts';

/**
 * The distribution of all values by the product-limit estimate (Kaplan & Meier, J. Am. Stat. Assoc. 53, 457 (1958), doi:10.2307/2281868), as a sample whose
 * `countFrom` is N·P(X ≥ x) at each value and bound: what the bounds hide is spread over the values beyond them. One that was last seen at c may have
 * the value c, so that it isn't among those that could have been seen to end there. What is left beyond the largest bound closes `countFrom`.
 */
export function kaplanMeier({ values, bounds }: CensoredOrder): OrderedSample {
  const { discrete, excluded } = values;
  const position = merged(values.position, bounds.position);
  const countFrom = new Float64Array(position.length + 1);
  countFrom[0] = values.countFrom[0]! + bounds.countFrom[0]!;
  let [v, b] = [0, 0];
  position.forEach((x, j) => {
    if (bounds.position[b] === x) b++;
    if (values.position[v] !== x) {
      countFrom[j + 1] = countFrom[j]!;
      return;
    }
    const [from, to] = [values.countFrom[v]!, values.countFrom[++v]!];
    const later = bounds.countFrom[b]!;
    countFrom[j + 1] = countFrom[j]! * ((to + later) / (from + later));
  });
  return {
    discrete,
    position,
    logPosition: position.map(Math.log),
    upper: null,
    countFrom,
    sumLogFrom: countFrom.map(() => Number.NaN),
    excluded,
  };
}

/** All numbers of two ascending lists, each once. */
function merged(a: Float64Array, b: Float64Array): Float64Array {
  const all = new Float64Array(a.length + b.length);
  let [i, j, n] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const x = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    if (a[i] === x) i++;
    if (b[j] === x) j++;
    all[n++] = x;
  }
  return all.subarray(0, n);
}

/** P(C ≥ c) of what ends the watching, given that it is above `from`, by the estimate with the parts of values and bounds exchanged. */
export function censoringFrom({ values, bounds }: CensoredOrder, from: number): Bounds {
  const start = bounds.position.findIndex((c) => c >= from);
  if (start < 0) return { position: new Float64Array(0), countFrom: Float64Array.of(1) };
  const position = bounds.position.subarray(start);
  const countFrom = new Float64Array(position.length + 1);
  countFrom[0] = 1;
  let v = 0;
  position.forEach((c, j) => {
    while (v < values.position.length && values.position[v]! < c) v++;
    const [at, later] = [bounds.countFrom[start + j]!, bounds.countFrom[start + j + 1]!];
    const risk = values.countFrom[v]!;
    countFrom[j + 1] = countFrom[j]! * ((risk + later) / (risk + at));
  });
  return { position, countFrom };
}
