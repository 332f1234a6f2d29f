import { ParameterError } from '../error.ts';

/** Mean profiles by duration on a common grid: what the `collapse` reducer returns. */
export interface Profiles {
  /** Grid of x = l/D, ascending, length G. */
  readonly x: Float64Array;
  readonly duration: Float64Array;
  readonly count: Float64Array;
  /** Mean profile, row-major, duration.length × G. */
  readonly strength: Float64Array;
}

/** Which profiles take part in a collapse: set by durations, so that it doesn't change from seed to seed. */
export interface CollapseRange {
  /** Durations least ≤ D ≤ most take part; default from 10 up: the shortest also limits the grid. */
  readonly least?: number;
  readonly most?: number;
  /**
   * Durations from least·ratio^k to least·ratio^(k+1) are one profile, their mean weighted by avalanches; 1 (default): each duration for
   * itself. Within a group s̄_D ~ D^(γ−1) bends little: at ratio 1.1 the mean is that of the mean ln D to 10^-4.
   */
  readonly ratio?: number;
  /** Avalanches that a group must have; default 50. */
  readonly leastCount?: number;
}

/**
 * The profiles that take part.
 * @throws ParameterError for a ratio below 1, or where fewer than 2 profiles remain
 */
export function collapseProfiles(profiles: Profiles, range: CollapseRange): Profiles {
  const { least = 10, most = Infinity, ratio = 1, leastCount = 50 } = range;
  if (!(ratio >= 1 && ratio < Infinity)) throw new ParameterError(`ratio must be a number of at least 1, got ${ratio}`);
  const groups = new Map<number, number[]>();
  profiles.duration.forEach((d, row) => {
    if (d < least || d > most) return;
    // Edges that are hit but for rounding belong to the group that they open.
    const group = ratio === 1 ? row : Math.floor(Math.log(d / least) / Math.log(ratio) + 1e-9);
    const rows = groups.get(group);
    if (rows === undefined) groups.set(group, [row]);
    else rows.push(row);
  });
  const countOf = (rows: readonly number[]): number => rows.reduce((sum, row) => sum + profiles.count[row]!, 0);
  const kept = [...groups.values()].filter((rows) => countOf(rows) >= leastCount);
  if (kept.length < 2) {
    throw new ParameterError(
      `a collapse needs at least 2 durations from ${least} to ${most} with ${leastCount} avalanches each, got ${kept.length}`,
    );
  }
  const grid = profiles.x.length;
  const strength = new Float64Array(kept.length * grid);
  const count = Float64Array.from(kept, countOf);
  const duration = Float64Array.from(kept, (rows, r) => {
    if (rows.length === 1) {
      strength.set(profiles.strength.subarray(rows[0]! * grid, (rows[0]! + 1) * grid), r * grid);
      return profiles.duration[rows[0]!]!;
    }
    let logDuration = 0;
    for (const row of rows) {
      const share = profiles.count[row]! / count[r]!;
      logDuration += share * Math.log(profiles.duration[row]!);
      for (let g = 0; g < grid; g++) strength[r * grid + g]! += share * profiles.strength[row * grid + g]!;
    }
    return Math.exp(logDuration);
  });
  return { x: profiles.x, duration, count, strength };
}
