import { power } from '../numeric/power.ts';
import type { Profiles } from './collapse-profiles.ts';

/** How a mean avalanche shape leans. */
export interface Asymmetry {
  /** Typical duration exp⟨ln D⟩ of the avalanches. */
  readonly duration: number;
  readonly count: number;
  /**
   * a of f(u) ∝ g(u)·[1 − a·(u − ½)] with g any shape that is symmetric in time, u from 0 to 1 (Laurson et al., Nat. Commun. 4, 2927
   * (2013), doi:10.1038/ncomms3927, with g = [u(1 − u)]^(γ−1)): positive where the shape leans to early times.
   */
  readonly asymmetry: number;
  /** Third standardised moment of the shape as a density in u: positive where its tail is late. */
  readonly skewness: number;
}

/** Edges of the groups of durations: √2 apart, from 8 up. */
const shortest = 8;
const ratio = Math.SQRT2;

/** Groups of durations of which a shape's asymmetry is taken. */
export function shapeGroup(duration: number): number {
  return duration < shortest ? -1 : Math.floor(Math.log(duration / shortest) / Math.log(ratio) + 1e-9);
}

/** The value of a profile at 1/G ≤ x ≤ 1, linear between grid points. */
function valueAt(profile: Float64Array, from: number, grid: number, x: number): number {
  const position = Math.min(Math.max(x * grid, 1), grid);
  const left = Math.min(Math.floor(position), grid - 1);
  const low = profile[from + left - 1]!;
  return low + (position - left) * (profile[from + left]! - low);
}

function measured(shape: Float64Array): Pick<Asymmetry, 'asymmetry' | 'skewness'> {
  const nodes = shape.length;
  const at = (j: number): number => (j + 0.5) / nodes;
  let product = 0;
  let square = 0;
  let [total, first] = [0, 0];
  for (let j = 0; j < nodes; j++) {
    const [own, mirror] = [shape[j]!, shape[nodes - 1 - j]!];
    const away = at(j) - 0.5;
    product += away * (own + mirror) * (own - mirror);
    square += (away * (own + mirror)) ** 2;
    total += own;
    first += own * at(j);
  }
  const mean = first / total;
  let [second, third] = [0, 0];
  for (let j = 0; j < nodes; j++) {
    second += (shape[j]! * (at(j) - mean) ** 2) / total;
    third += (shape[j]! * power(at(j) - mean, 3)) / total;
  }
  return { asymmetry: -product / square, skewness: third / power(second, 1.5) };
}

/**
 * Asymmetry of the mean shape by groups of durations a factor of √2 wide, from 8 up. Layer l of an avalanche stands at u = (l − ½)/D, so that a shape
 * that is the same backwards has none; shapes of one group are averaged with their counts, each over its own mean.
 * @param profiles of the excess over the threshold, at x = l/D
 * @returns by number of the group, only those with at least `leastCount` avalanches
 */
export function shapeAsymmetry(
  { x, duration, count, strength }: Profiles,
  leastCount: number,
): ReadonlyMap<number, Asymmetry> {
  const grid = x.length;
  const rows = new Map<number, number[]>();
  duration.forEach((d, r) => {
    const group = shapeGroup(d);
    if (group < 0) return;
    const known = rows.get(group);
    if (known === undefined) rows.set(group, [r]);
    else known.push(r);
  });
  const found = new Map<number, Asymmetry>();
  for (const [group, own] of rows) {
    const n = own.reduce((sum, r) => sum + count[r]!, 0);
    // No node lies where the shortest avalanche has no layer, nor before the first grid point.
    const nodes = Math.min(Math.floor(shortest * power(ratio, group)), Math.floor(grid / 2));
    if (n < leastCount || nodes < 4) continue;
    const shape = new Float64Array(nodes);
    const values = new Float64Array(nodes);
    for (const r of own) {
      let total = 0;
      for (let j = 0; j < nodes; j++) {
        values[j] = valueAt(strength, r * grid, grid, (j + 0.5) / nodes + 0.5 / duration[r]!);
        total += values[j]!;
      }
      for (let j = 0; j < nodes; j++) shape[j]! += (count[r]! / n) * (values[j]! / total);
    }
    const logDuration = own.reduce((sum, r) => sum + (count[r]! / n) * Math.log(duration[r]!), 0);
    found.set(group, { duration: Math.exp(logDuration), count: n, ...measured(shape) });
  }
  return found;
}
