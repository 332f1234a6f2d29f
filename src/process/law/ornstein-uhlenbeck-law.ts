import { erfc } from '../../numeric/special.ts';
import type { GroupedSample } from '../../reduce/grouped.ts';
import type { ExactLaw } from './exact-law.ts';

/** Steps are cut off at this many standard deviations. */
const STEP = 7;
/**
 * Nodes a standard deviation of a step. Midpoints, so that the only error is that of the end at the level: it moves the share of avalanches larger than a
 * few steps, by 0.5 % and 2 %, but hardly the law among these.
 */
const [FINE, COARSE] = [4, 2];

const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** P(Z < z). */
const gaussBelow = (z: number): number => erfc(-z / Math.SQRT2) / 2;

/** The chain above its level on a grid: heights (k + ½)·spacing over the level. */
interface GridChain {
  readonly spacing: number;
  readonly nodes: number;
  /** Where an excursion begins, summing to 1. */
  readonly first: Float64Array;
  /** Probability of falling below the level in the next step. */
  readonly falls: Float64Array;
  /** Density at a node in the next layer, from that of this layer, which begins at `start` of an array. */
  next(from: Float64Array, start: number, node: number): number;
}

/** @param reach highest height over the level, in standard deviations of a step */
function gridChain(relaxation: number, level: number, fineness: number, reach: number): GridChain {
  const keep = Math.exp(-1 / relaxation);
  const spread = Math.sqrt(-Math.expm1(-2 / relaxation));
  const spacing = spread / fineness;
  // Nine standard deviations of the chain itself are never reached.
  const nodes = Math.max(8, Math.ceil(Math.min(reach * fineness, (9 - level) / spacing)));
  const height = (k: number): number => level + (k + 0.5) * spacing;
  // The chain is reversible: below before and here now is as likely as here now and below after.
  const first = Float64Array.from({ length: nodes }, (_, k) => {
    return gaussBelow((level - keep * height(k)) / spread) * Math.exp((level ** 2 - height(k) ** 2) / 2);
  });
  const whole = total(first);
  const taps = 2 * Math.ceil(STEP * fineness) + 1;
  const begin = Int32Array.from({ length: nodes }, (_, k) => {
    const centre = Math.round((height(k) / keep - level) / spacing - 0.5);
    return centre - (taps - 1) / 2;
  });
  const density = new Float64Array(nodes * taps);
  // What doesn't go to a node falls, so that no probability is lost near the level, however long an excursion stays there.
  const falls = new Float64Array(nodes).fill(1);
  for (let k = 0; k < nodes; k++) {
    for (let i = 0; i < taps; i++) {
      const z = (height(k) - keep * height(begin[k]! + i)) / spread;
      const p = Math.exp(-(z * z) / 2) / (fineness * Math.sqrt(2 * Math.PI));
      density[k * taps + i] = p;
      if (begin[k]! + i >= 0 && begin[k]! + i < nodes) falls[begin[k]! + i]! -= p;
    }
  }
  return {
    spacing,
    nodes,
    first: first.map((p) => p / whole),
    falls,
    next(from, start, k) {
      const origin = start + begin[k]!;
      const most = Math.min(taps, nodes - begin[k]!);
      let sum = 0;
      for (let i = Math.max(0, -begin[k]!); i < most; i++) sum += density[k * taps + i]! * from[origin + i]!;
      return sum;
    },
  };
}

/**
 * Excursions of a stationary Gaussian chain of autocorrelation e^{−l/relaxation} above a level, between a step from below it and the next one to below:
 * its Markov kernel integrated on a grid, survival and mean area layer by layer, the area's own law by growing area, whatever the duration.
 */
export function ornsteinUhlenbeckLaw(relaxation: number, level: number): ExactLaw {
  const reach = (most: number): number => STEP * Math.sqrt(most + 1) + STEP;
  const spread = Math.sqrt(-Math.expm1(-2 / relaxation));
  return {
    limits: { duration: 4096, size: 1e5 * spread },
    survival(most) {
      const chain = gridChain(relaxation, level, FINE, reach(most));
      const out = new Float64Array(most + 2).fill(1);
      let alive = chain.first;
      for (let d = 2; d < out.length; d++) {
        const before = alive;
        alive = before.map((_, k) => chain.next(before, 0, k));
        out[d] = total(alive);
      }
      return out;
    },
    meanSizes(most) {
      const chain = gridChain(relaxation, level, FINE, reach(most));
      const { spacing, nodes, falls } = chain;
      const out = new Float64Array(most + 1).fill(Number.NaN);
      let alive = chain.first;
      let area = alive.map((p, k) => p * (k + 0.5) * spacing);
      for (let d = 1; d <= most; d++) {
        let ended = 0;
        let sum = 0;
        for (let k = 0; k < nodes; k++) {
          ended += alive[k]! * falls[k]!;
          sum += area[k]! * falls[k]!;
        }
        out[d] = sum / ended;
        const [before, areaBefore] = [alive, area];
        alive = before.map((_, k) => chain.next(before, 0, k));
        area = alive.map((p, k) => chain.next(areaBefore, 0, k) + p * (k + 0.5) * spacing);
      }
      return out;
    },
    sizes: (most) => areas(relaxation, level, most),
  };
}

/** Areas in units of half a spacing: height k adds 2k + 1. Visits of a height with an area come from those a step before, with as much less area. */
function areas(relaxation: number, level: number, most: number): GroupedSample {
  const spread = Math.sqrt(-Math.expm1(-2 / relaxation));
  // An excursion of area A (in steps) reaches beyond H with probability of order e^{−2H³/(3A)}: below 1e-12 here.
  const chain = gridChain(relaxation, level, COARSE, 3.5 * Math.cbrt(most / spread) + STEP);
  const { spacing, nodes, falls, first } = chain;
  const half = spacing / 2;
  const length = Math.ceil(most / half) + 1;
  const kept = 2 * nodes;
  const visits = new Float64Array(kept * nodes);
  const count = new Float64Array(length);
  for (let a = 1; a <= length; a++) {
    const at = (a % kept) * nodes;
    let ended = 0;
    for (let k = 0; k < nodes && 2 * k + 1 <= a; k++) {
      const before = chain.next(visits, ((a - 2 * k - 1) % kept) * nodes, k);
      visits[at + k] = before + (2 * k + 1 === a ? first[k]! : 0);
      ended += visits[at + k]! * falls[k]!;
    }
    count[a - 1] = ended;
  }
  const edge = Float64Array.from({ length: length + 1 }, (_, i) => (i + 0.5) * half);
  return {
    discrete: false,
    lower: edge.slice(0, length),
    upper: edge.slice(1),
    count,
    sumLog: count.map((p, i) => p * Math.log((i + 1) * half)),
  };
}
