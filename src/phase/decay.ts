import { weightedLine } from '../numeric/weighted-line.ts';

/** Mean distances from the limit by layer (index l) with their standard errors. */
export interface Distances {
  readonly value: ArrayLike<number>;
  readonly error: ArrayLike<number>;
  /** How many networks they are means of. */
  readonly networks: number;
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
 * decay would have drowned in its error, or the network ended, within a depth scale from there; it ends where the distance can't be told from zero any more, or scatters over networks by more than it is.
 * @param theory distances of the mean-field recursion from the same inputs, index l
 * @param length depth scale of the theory
 * @returns undefined where no three layers stand out
 */
export function decayWindow(
  { value, error, networks }: Distances,
  theory: ArrayLike<number>,
  length: number,
): DecayWindow | undefined {
  const depth = theory.length - 1;
  // Distances multiply from layer to layer: once they scatter by more than their mean, that is made by the few largest, and its error misses those that
  // the sample lacks.
  const least = Math.sqrt(networks);
  const stands = (l: number, times: number): boolean =>
    Math.abs(value[l]!) > resolved && Math.abs(value[l]!) >= Math.max(times, least) * error[l]!;
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
 * Weights of a straight line through ln|distance|, by layer: the inverse of the relative variance of a network's distance. That is e^(kl) − 1 for one that is
 * multiplied by independent factors, with k by least squares from the layers up to the last one, so that weights don't follow the scatter of the sample.
 */
export function decayWeights({ value, error, networks }: Distances, { first, last }: DecayWindow): Float64Array {
  let [growth, total] = [0, 0];
  for (let l = 1; l <= last; l++) {
    growth += l * Math.log1p(networks * (error[l]! / value[l]!) ** 2);
    total += l * l;
  }
  const variance = (l: number): number => Math.expm1((growth / total) * l);
  return Float64Array.from({ length: last + 1 }, (_, l) => (l < first ? 0 : growth > 0 ? 1 / variance(l) : 1));
}

/**
 * Decay length, in layers, from a straight line through ln|distance|.
 * @param weights by layer, as of {@link decayWeights}
 * @returns NaN where the distance doesn't decay
 */
export function decayLength(
  distance: ArrayLike<number>,
  { first, last }: DecayWindow,
  weights: ArrayLike<number>,
): number {
  const layers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const sizes = layers.map((l) => Math.abs(distance[l]!));
  const { slope } = weightedLine(
    layers,
    sizes.map(Math.log),
    layers.map((l, i) => (sizes[i]! > 0 ? weights[l]! : 0)),
  );
  return slope < 0 ? -1 / slope : Number.NaN;
}

/**
 * Standard error of a decay length whose distances are multiplied by independent factors from layer to layer: distances of layers k ≤ l then have the
 * relative covariance (e^(gk) − 1)/networks, with g the growth per layer of the variance of ln|distance|. That is taken from logarithms, which a
 * sample of few networks knows far better than the spread of the distances: it lacks the few large ones that carry it.
 * @param variance of ln|distance| over networks, by layer
 */
export function productError(
  length: number,
  variance: ArrayLike<number>,
  { first, last }: DecayWindow,
  weights: ArrayLike<number>,
  networks: number,
): number {
  let [growth, total] = [0, 0];
  for (let l = 1; l <= last; l++) {
    growth += l * variance[l]!;
    total += l * l;
  }
  growth /= total;
  let [sum, mean, spread] = [0, 0, 0];
  for (let l = first; l <= last; l++) sum += weights[l]!;
  for (let l = first; l <= last; l++) mean += (weights[l]! / sum) * l;
  for (let l = first; l <= last; l++) spread += weights[l]! * (l - mean) ** 2;
  // Layer k shares its factors with all later ones: what the layers from l on weigh is met by the factors up to l.
  let [slope, later] = [0, 0];
  for (let l = last; l >= first; l--) {
    const own = (weights[l]! * (l - mean)) / spread;
    slope += own * (own + 2 * later) * Math.expm1(growth * l);
    later += own;
  }
  return length ** 2 * Math.sqrt(slope / networks);
}
