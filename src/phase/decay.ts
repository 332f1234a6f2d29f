import { weightedLine } from '../numeric/weighted-line.ts';

/** Distances from the limit by layer (index l) with their standard errors. */
export interface Distances {
  readonly value: ArrayLike<number>;
  readonly error: ArrayLike<number>;
}

export interface DecayWindow {
  readonly first: number;
  readonly last: number;
}

/** Distance from zero, in standard errors, that the layers of a fit must have; more where it should start. */
const [visible, clear] = [4, 20];
/** Closest approach that differences of float64 correlations still resolve well. */
const resolved = 1e-11;
/** How near to its asymptotic rate a decay must have come. */
const near = 0.05;

/** First layer from which the theory's distances decay at their asymptotic rate, to 5 %; the last layer where they never do. */
function asymptotic(theory: ArrayLike<number>, length: number): number {
  let from = theory.length - 1;
  for (let l = theory.length - 2; l >= 1; l--) {
    const [here, next] = [Math.abs(theory[l]!), Math.abs(theory[l + 1]!)];
    if (next >= resolved && !(Math.abs(-1 / Math.log(next / here) / length - 1) <= near)) break;
    from = l;
  }
  return from;
}

/**
 * Layers over which a measured decay is fitted. It starts where the theory's recursion has reached its asymptotic rate, or earlier where the
 * decay would have drowned in its error, or the network ended, within a depth scale from there; it ends where the distance can't be told from zero any more.
 * @param theory distances of the mean-field recursion from the same inputs, index l
 * @param length depth scale of the theory
 * @returns undefined where no three layers stand out
 */
export function decayWindow(
  { value, error }: Distances,
  theory: ArrayLike<number>,
  length: number,
): DecayWindow | undefined {
  const depth = theory.length - 1;
  const stands = (l: number, times: number): boolean =>
    Math.abs(value[l]!) > resolved && Math.abs(value[l]!) >= times * error[l]!;
  let drowned = 1;
  while (drowned <= depth && stands(drowned, clear)) drowned++;
  // A slope takes a depth scale's worth of layers, if there are so many.
  const span = Math.max(2, Math.min(Math.ceil(length), depth >> 1));
  const first = Math.max(1, Math.min(asymptotic(theory, length), drowned - 1 - span));
  let last = first - 1;
  while (last < depth && stands(last + 1, visible)) last++;
  return last - first >= 2 ? { first, last } : undefined;
}

/**
 * Decay length, in layers, from a straight line through ln|distance|, weights (distance/error)².
 * @returns NaN where the distance doesn't decay
 */
export function decayLength({ value, error }: Distances, { first, last }: DecayWindow): number {
  const layers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const distance = layers.map((l) => Math.abs(value[l]!));
  const weights = layers.map((l, i) => (distance[i]! > 0 ? (distance[i]! / error[l]!) ** 2 : 0));
  const { slope } = weightedLine(layers, distance.map(Math.log), weights);
  return slope < 0 ? -1 / slope : Number.NaN;
}
