import { ParameterError } from '../error.ts';
import { power } from '../numeric/power.ts';
import type { RareDurations } from './rare.ts';

/** Mean profiles by duration on a common grid: what the `collapse` reducer returns. */
export interface Profiles {
  /** Grid of x = l/D, ascending, length G. */
  readonly x: Float64Array;
  readonly duration: Float64Array;
  readonly count: Float64Array;
  /** Mean profile, row-major, duration.length × G. */
  readonly strength: Float64Array;
}

/** Which profiles take part in a collapse. */
export interface CollapseRange {
  /** Durations least ≤ D ≤ most take part; default from 10 up: the shortest also limits the grid. */
  readonly least?: number;
  readonly most?: number;
  /**
   * Durations from least·ratio^k to least·ratio^(k+1) are one profile, their mean weighted by avalanches; 1 (default): each duration for
   * itself. Within a group s̄_D ~ D^(γ−1) bends little: at ratio 1.1 the mean is that of the mean ln D to 10^-4.
   */
  readonly ratio?: number;
  /** Avalanches that a profile is the mean of; default 50. */
  readonly leastCount?: number;
  /**
   * Groups with fewer join the next longer ones until they have as many, and what is left at the end joins the last (`join`, default): all
   * of the range takes part, whatever a sample happens to hold. Or they are `leave-out`: then the range ends about where groups have as many, and
   * halves of the data, whose counts scatter by more, reach farther than all of it, so that errors come out too small.
   */
  readonly rare?: RareDurations;
}

/** Profiles in order of duration, and which of them are one in the collapse. */
export interface JoinedProfiles extends Profiles {
  /** Of each profile, its share of the avalanches of those that it is joined with; 1 by itself. */
  readonly share: Float64Array;
  /** Of each that takes part in the collapse, the row after its last. */
  readonly end: Int32Array;
}

/** The means of groups of rows, by their counts. */
function meansOf(profiles: Profiles, groups: readonly (readonly number[])[]): Profiles {
  const grid = profiles.x.length;
  const strength = new Float64Array(groups.length * grid);
  const count = Float64Array.from(groups, (rows) => rows.reduce((sum, row) => sum + profiles.count[row]!, 0));
  const duration = Float64Array.from(groups, (rows, r) => {
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

/** Of groups with so many avalanches each, those that are joined until they have enough: the group after the last of each. */
function joined(count: readonly number[], enough: number): number[] {
  const end: number[] = [];
  let held = 0;
  for (let group = 0; group < count.length; group++) {
    held += count[group]!;
    if (held < enough) continue;
    end.push(group + 1);
    held = 0;
  }
  if (end.length > 0) end[end.length - 1] = count.length;
  return end;
}

/**
 * The profiles that take part.
 * @throws ParameterError for a ratio below 1, or where fewer than 2 profiles remain
 */
export function collapseProfiles(profiles: Profiles, range: CollapseRange): JoinedProfiles {
  const { least = 10, most = Infinity, ratio = 1, leastCount = 50, rare = 'join' } = range;
  if (!(ratio >= 1 && ratio < Infinity)) throw new ParameterError(`ratio must be a number of at least 1, got ${ratio}`);
  const within = [...profiles.duration.keys()].filter(
    (r) => profiles.duration[r]! >= least && profiles.duration[r]! <= most,
  );
  within.sort((a, b) => profiles.duration[a]! - profiles.duration[b]!);
  const groups = new Map<number, number[]>();
  for (const row of within) {
    // Edges that are hit but for rounding belong to the group that they open.
    const group = ratio === 1 ? row : Math.floor(Math.log(profiles.duration[row]! / least) / Math.log(ratio) + 1e-9);
    const rows = groups.get(group);
    if (rows === undefined) groups.set(group, [row]);
    else rows.push(row);
  }
  const all = [...groups.values()];
  const countOf = (rows: readonly number[]): number => rows.reduce((sum, row) => sum + profiles.count[row]!, 0);
  const kept = rare === 'join' ? all : all.filter((rows) => countOf(rows) >= leastCount);
  const end = rare === 'join' ? joined(kept.map(countOf), leastCount) : kept.map((_, r) => r + 1);
  if (end.length < 2) {
    throw new ParameterError(
      `a collapse needs at least 2 durations from ${least} to ${most} with ${leastCount} avalanches each, got ${end.length}`,
    );
  }
  const means = meansOf(profiles, kept);
  const share = new Float64Array(kept.length).fill(1);
  end.forEach((to, j) => {
    const from = end[j - 1] ?? 0;
    if (to - from === 1) return;
    const total = means.count.subarray(from, to).reduce((sum, n) => sum + n, 0);
    for (let r = from; r < to; r++) share[r] = means.count[r]! / total;
  });
  return { ...means, share, end: Int32Array.from(end) };
}

/** What is joined as one profile each, at exp⟨ln D⟩ of its avalanches: each rescaled by its own duration, as s̄_D ~ D^(γ−1). */
export function profilesAt({ x, duration, count, strength, share, end }: JoinedProfiles, gamma: number): Profiles {
  const grid = x.length;
  const out = new Float64Array(end.length * grid);
  const counts = new Float64Array(end.length);
  const durations = Float64Array.from(end, (to, j) => {
    const from = end[j - 1] ?? 0;
    counts[j] = count.subarray(from, to).reduce((sum, n) => sum + n, 0);
    if (to - from === 1) {
      out.set(strength.subarray(from * grid, to * grid), j * grid);
      return duration[from]!;
    }
    let logDuration = 0;
    for (let r = from; r < to; r++) logDuration += share[r]! * Math.log(duration[r]!);
    const typical = Math.exp(logDuration);
    for (let r = from; r < to; r++) {
      const weight = share[r]! * power(typical / duration[r]!, gamma - 1);
      for (let g = 0; g < grid; g++) out[j * grid + g]! += weight * strength[r * grid + g]!;
    }
    return typical;
  });
  return { x, duration: durations, count: counts, strength: out };
}
