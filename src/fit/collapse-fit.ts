import { ParameterError } from '../error.ts';
import { power } from '../numeric/power.ts';
import { type CollapseRange, collapseProfiles, type Profiles } from './collapse-profiles.ts';

export type Normalise = 'pointwise' | 'global';
export const normaliseKinds: readonly Normalise[] = ['pointwise', 'global'];

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

export interface CollapseFit {
  /** The γ of the best collapse. */
  readonly gamma: number;
  /** From the curvature: Var(γ) = 2·NMSE_min/(n_eff·NMSE″). */
  readonly standardError: number;
  readonly nmse: number;
  /** Independent profile points n_eff: (durations − 1) × independent points a profile. */
  readonly effectivePoints: number;
  /** The profiles that took part, on the whole grid. */
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
  const { from = 0.5, to = 3, step = 0.01, normalise = 'pointwise' } = options;
  if (!(step > 0 && to - from >= 2 * step)) {
    throw new ParameterError(`the search for gamma needs from + 2·step ≤ to, got ${from}, ${step} and ${to}`);
  }
  const taken = collapseProfiles(profiles, options);
  const kept = { ...onGrid(taken), normalise };
  const steps = Math.round((to - from) / step);
  const gamma = Float64Array.from({ length: steps + 1 }, (_, i) => from + i * step);
  const deviations = new Float64Array(kept.strength.length);
  const curve = gamma.map((g) => residuals(kept, g, deviations));
  let lowest = 0;
  for (let i = 1; i < curve.length; i++) if (curve[i]! < curve[lowest]!) lowest = i;
  if (!Number.isFinite(curve[lowest]!)) {
    throw new ParameterError('a collapse needs a mean profile that is positive at every grid point');
  }
  const atEnd = lowest === 0 || lowest === steps;
  const shared = { profiles: taken, x: kept.x, curve: { gamma, nmse: curve }, atEnd };
  if (atEnd) {
    return {
      gamma: gamma[lowest]!,
      standardError: Number.NaN,
      nmse: curve[lowest]!,
      effectivePoints: Number.NaN,
      ...shared,
    };
  }
  const [left, middle, right] = [curve[lowest - 1]!, curve[lowest]!, curve[lowest + 1]!];
  const bend = left - 2 * middle + right;
  const best = gamma[lowest]! + (step * (left - right)) / (2 * bend);
  const nmse = residuals(kept, best, deviations);
  const effectivePoints = (kept.duration.length - 1) * independentPoints(kept, deviations);
  const standardError = Math.sqrt((2 * nmse * step * step) / (effectivePoints * bend));
  return { gamma: best, standardError, nmse, effectivePoints, ...shared };
}

interface Rows {
  readonly normalise: Normalise;
  readonly duration: Float64Array;
  readonly x: Float64Array;
  readonly strength: Float64Array;
}

/** Profiles at the grid points from 1/D_min on. */
function onGrid({ x, duration, strength }: Profiles): Omit<Rows, 'normalise'> {
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
function residuals({ duration, x, strength, normalise }: Rows, gamma: number, out: Float64Array): number {
  const m = duration.length;
  const grid = x.length;
  const mean = new Float64Array(grid);
  for (let r = 0, at = 0; r < m; r++) {
    const scale = power(duration[r]! / duration[0]!, 1 - gamma);
    for (let g = 0; g < grid; g++, at++) {
      const f = strength[at]! * scale;
      out[at] = f;
      mean[g]! += f / m;
    }
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
  const m = rows.duration.length;
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
