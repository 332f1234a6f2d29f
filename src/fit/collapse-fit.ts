import { ParameterError } from '../error.ts';
import { power } from '../numeric/power.ts';
import {
  type CollapseRange,
  collapseProfiles,
  type JoinedProfiles,
  type Profiles,
  profilesAt,
} from './collapse-profiles.ts';
import { type Normalise, type Rows, roughCurve } from './rough-collapse.ts';

export type { Normalise };
export const normaliseKinds: readonly Normalise[] = ['pointwise', 'global'];

/** How the collapse exponent is searched. */
export interface CollapseOptions extends CollapseRange {
  /**
   * How deviations from F̄ are normalised: at each grid point by F̄² there (`pointwise`, default), or by ΣF̄² over all points (`global`), as the
   * authors of arXiv:2509.22649 do in their code: ends, where F̄ is small, then hardly count.
   */
  readonly normalise?: Normalise;
  /** Range and step of the search for γ; default 0.5 to 3 by 0.01. */
  readonly from?: number;
  readonly to?: number;
  readonly step?: number;
}

/** The collapse exponent of mean profiles. */
export interface CollapseFit {
  /** The γ of the best collapse. */
  readonly gamma: number;
  /** From the curvature: Var(γ) = 2·NMSE_min/(n_eff·NMSE″). */
  readonly standardError: number;
  readonly nmse: number;
  /** Independent profile points n_eff: (durations − 1) × independent points a profile. */
  readonly effectivePoints: number;
  /** The profiles that took part, on the whole grid; joined ones rescaled to exp⟨ln D⟩ by this γ. */
  readonly profiles: Profiles;
  /** Grid points that took part. */
  readonly x: Float64Array;
  /** NMSE(γ) over the search range. */
  readonly curve: { readonly gamma: Float64Array; readonly nmse: Float64Array };
  /** The lowest point of the curve lies at an end of the range: there is no collapse inside it, and no error. */
  readonly atEnd: boolean;
}

/**
 * The γ at which profiles of all durations fall on one curve (Sethna et al. 2001; arXiv:2509.22649, Methods). With
 * f_D(x) = s̄_D(x)·D^{−(γ−1)} and F̄(x) its plain mean over the m durations,
 * NMSE(γ) = (1/G) Σ_x [(1/m) Σ_D (f_D(x) − F̄(x))²] / F̄(x)², every profile and every grid point counting alike; normalised globally,
 * Σ_x (1/m) Σ_D (f_D(x) − F̄(x))² / Σ_x F̄(x)². It is
 * searched by brute force, then by a parabola through the lowest three points. Grid points below 1/D_min, where the
 * shortest profile has no layer, are left out.
 * @throws ParameterError where fewer than 2 durations or no grid point remain, or the profile's mean vanishes
 */
export function fitCollapse(profiles: Profiles, options: CollapseOptions = {}): CollapseFit {
  const { taken, kept, gamma, step } = searched(profiles, options);
  const deviations = new Float64Array(kept.end.length * kept.x.length);
  const nmseAt = (trial: number): number => residuals(kept, trial, deviations);
  const curve = gamma.map(nmseAt);
  const lowest = lowestOf(gamma.keys(), (i) => curve[i]!);
  const best = optimum(gamma, step, lowest, (i) => curve[i]!);
  const atEnd = isEnd(gamma, lowest);
  const nmse = atEnd ? curve[lowest]! : nmseAt(best);
  const effectivePoints = atEnd ? Number.NaN : (kept.end.length - 1) * independentPoints(kept, deviations);
  const bend = atEnd ? Number.NaN : curve[lowest - 1]! - 2 * curve[lowest]! + curve[lowest + 1]!;
  const standardError = Math.sqrt((2 * nmse * step * step) / (effectivePoints * bend));
  return {
    gamma: best,
    standardError,
    nmse,
    effectivePoints,
    profiles: profilesAt(taken, best),
    x: kept.x,
    curve: { gamma, nmse: curve },
    atEnd,
  };
}

/**
 * The γ of {@link fitCollapse} alone, the same to the bit, at a tenth of its cost: NMSE from sums of f and f², which rounding makes
 * uncertain by far less than the trials that are then looked at closely differ.
 * @throws ParameterError as that does
 */
export function collapseGamma(profiles: Profiles, options: CollapseOptions = {}): number {
  const { kept, gamma, step } = searched(profiles, options);
  const deviations = new Float64Array(kept.end.length * kept.x.length);
  const rough = roughCurve(kept, gamma, step);
  const known = new Map<number, number>();
  const nmseAt = (i: number): number => {
    const nmse = known.get(i) ?? residuals(kept, gamma[i]!, deviations);
    known.set(i, nmse);
    return nmse;
  };
  const least = rough?.reduce((low, nmse) => Math.min(low, nmse), Infinity) ?? Infinity;
  const near = [...gamma.keys()].filter((i) => rough === undefined || rough[i]! <= least + 1e-9 * (1 + least));
  return optimum(gamma, step, lowestOf(near, nmseAt), nmseAt);
}

/** What is searched: profiles that take part, whole and on the grid that they share, and the trial values of γ. */
function searched(profiles: Profiles, options: CollapseOptions) {
  const { from = 0.5, to = 3, step = 0.01, normalise = 'pointwise' } = options;
  if (!(step > 0 && to - from >= 2 * step)) {
    throw new ParameterError(`the search for gamma needs from + 2·step ≤ to, got ${from}, ${step} and ${to}`);
  }
  const taken = collapseProfiles(profiles, options);
  const steps = Math.round((to - from) / step);
  const gamma = Float64Array.from({ length: steps + 1 }, (_, i) => from + i * step);
  return { taken, kept: { ...onGrid(taken), normalise }, gamma, step };
}

/** The first of the trials with the least NMSE. */
function lowestOf(trials: Iterable<number>, nmseAt: (i: number) => number): number {
  let lowest = -1;
  let least = Infinity;
  for (const i of trials) {
    const nmse = nmseAt(i);
    if (nmse < least) [lowest, least] = [i, nmse];
  }
  if (lowest < 0) throw new ParameterError('a collapse needs a mean profile that is positive at every grid point');
  return lowest;
}

const isEnd = (gamma: Float64Array, i: number): boolean => i === 0 || i === gamma.length - 1;

/** The lowest trial, or the vertex of the parabola through it and its neighbours. */
function optimum(gamma: Float64Array, step: number, lowest: number, nmseAt: (i: number) => number): number {
  if (isEnd(gamma, lowest)) return gamma[lowest]!;
  const [left, middle, right] = [nmseAt(lowest - 1), nmseAt(lowest), nmseAt(lowest + 1)];
  return gamma[lowest]! + (step * (left - right)) / (2 * (left - 2 * middle + right));
}

/** Profiles at the grid points from 1/D_min on. */
function onGrid({ x, duration, share, end, strength }: JoinedProfiles): Omit<Rows, 'normalise'> {
  const grid = x.length;
  const shortest = duration.reduce((low, d) => Math.min(low, d), Infinity);
  const columns: number[] = [];
  // Grid points that fall on 1/D_min but for rounding belong to it.
  x.forEach((at, g) => {
    if (at * shortest >= 1 - 1e-12) columns.push(g);
  });
  if (columns.length === 0) throw new ParameterError(`a collapse needs grid points x ≥ 1/${shortest}, got none`);
  return {
    duration,
    share,
    end,
    x: Float64Array.from(columns, (g) => x[g]!),
    strength: Float64Array.from(
      { length: duration.length * columns.length },
      (_, i) => strength[Math.floor(i / columns.length) * grid + columns[i % columns.length]!]!,
    ),
  };
}

/**
 * (f_D(x) − F̄(x))/F̄(x), or over the root mean square of F̄, row-major, into `out`; durations relative to the first, which changes nothing.
 * @returns the mean of their squares; Infinity where the mean profile isn't positive
 */
function residuals(rows: Rows, gamma: number, out: Float64Array): number {
  const { duration, share, end, x, strength, normalise } = rows;
  const m = end.length;
  const grid = x.length;
  const mean = new Float64Array(grid);
  for (let j = 0, r = 0, at = 0; j < m; j++) {
    const to = end[j]! - 1;
    out.fill(0, at, at + grid);
    for (; r < to; r++) {
      const scale = share[r]! * power(duration[r]! / duration[0]!, 1 - gamma);
      for (let g = 0; g < grid; g++) out[at + g]! += strength[r * grid + g]! * scale;
    }
    const scale = share[r]! * power(duration[r]! / duration[0]!, 1 - gamma);
    for (let g = 0, from = r * grid; g < grid; g++, at++, from++) {
      const f = out[at]! + strength[from]! * scale;
      out[at] = f;
      mean[g]! += f / m;
    }
    r++;
  }
  let ofMean = 0;
  for (let g = 0; g < grid; g++) {
    if (!(mean[g]! > 0)) return Infinity;
    ofMean += mean[g]! * mean[g]!;
  }
  const whole = Math.sqrt(ofMean / grid);
  let squares = 0;
  for (let r = 0, at = 0; r < m; r++) {
    for (let g = 0; g < grid; g++, at++) {
      const level = mean[g]!;
      const deviation = normalise === 'global' ? (out[at]! - level) / whole : out[at]! / level - 1;
      out[at] = deviation;
      squares += deviation * deviation;
    }
  }
  const spread = squares / out.length;
  return Number.isNaN(spread) ? Infinity : spread;
}

/**
 * G²/Σ ρ²(x, x′), ρ the correlation of residuals at two grid points over m durations: neighbouring points are no
 * independent news. Independent points would have ρ² = 1/(m − 1) by chance, which is taken off.
 */
function independentPoints(rows: Rows, values: Float64Array): number {
  const m = rows.end.length;
  const grid = rows.x.length;
  const product = (a: number, b: number): number => {
    let sum = 0;
    for (let r = 0; r < m; r++) sum += values[r * grid + a]! * values[r * grid + b]!;
    return sum;
  };
  const own = Float64Array.from(rows.x, (_, g) => product(g, g));
  const chance = 1 / (m - 1);
  let squares = grid;
  for (let a = 0; a < grid; a++) {
    for (let b = 0; b < a; b++) {
      const both = own[a]! * own[b]!;
      if (both > 0 && m > 2) squares += (2 * (product(a, b) ** 2 / both - chance)) / (1 - chance);
      else squares += 2;
    }
  }
  return (grid * grid) / Math.min(Math.max(squares, grid), grid * grid);
}
