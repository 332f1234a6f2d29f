import { power } from '../numeric/power.ts';

/** What deviations from the mean profile are divided by, see `CollapseOptions`. */
export type Normalise = 'pointwise' | 'global';

/** Profiles on the grid points that they share, and how they are joined (`JoinedProfiles`). */
export interface Rows {
  readonly normalise: Normalise;
  readonly duration: Float64Array;
  readonly share: Float64Array;
  readonly end: Int32Array;
  readonly x: Float64Array;
  readonly strength: Float64Array;
}

/** Rows that are joined with none, then those that are; `last` is 1 at the last of those that are joined. */
function aloneFirst(end: Int32Array): { order: number[]; alone: number; last: Uint8Array } {
  const [single, joined, ends]: [number[], number[], number[]] = [[], [], []];
  end.forEach((to, j) => {
    const from = end[j - 1] ?? 0;
    for (let r = from; r < to; r++) (to - from === 1 ? single : joined).push(r);
    if (to - from > 1) ends.push(joined.length - 1);
  });
  const last = new Uint8Array(single.length + joined.length);
  for (const place of ends) last[single.length + place] = 1;
  return { order: [...single, ...joined], alone: single.length, last };
}

/**
 * NMSE at every trial from Σ f and Σ f² over the durations, powers of durations step by step: right to 1e-11. Undefined where sums would
 * cancel or leave the doubles, as where a profile isn't positive. Two trials at a time: their sums don't wait for each other.
 */
export function roughCurve(
  { duration, share, end, x, strength, normalise }: Rows,
  gamma: Float64Array,
  step: number,
): Float64Array | undefined {
  const m = end.length;
  const rows = duration.length;
  const grid = x.length;
  const { order, alone, last } = aloneFirst(end);
  const ordered = order.map((r) => duration[r]! / duration[0]!);
  const scale = Float64Array.from(ordered, (d) => power(d, 1 - gamma[0]!));
  const ratio = Float64Array.from(ordered, (d) => power(d, -step));
  const next = new Float64Array(rows);
  const columns = new Float64Array(strength.length);
  for (let place = 0; place < rows; place++) {
    const from = order[place]! * grid;
    for (let g = 0; g < grid; g++) {
      const value = strength[from + g]!;
      if (!(value >= 0)) return undefined;
      columns[g * rows + place] = value * share[order[place]!]!;
    }
  }
  const curve = new Float64Array(gamma.length);
  const global = normalise === 'global';
  for (let i = 0; i < gamma.length; i += 2) {
    for (let r = 0; r < rows; r++) next[r] = scale[r]! * ratio[r]!;
    let [deviation, ofMean, nextDeviation, nextOfMean] = [0, 0, 0, 0];
    for (let g = 0, at = 0; g < grid; g++) {
      let [sum, squares, nextSum, nextSquares] = [0, 0, 0, 0];
      for (let r = 0; r < alone; r++, at++) {
        const s = columns[at]!;
        const f = s * scale[r]!;
        sum += f;
        squares += f * f;
        const nextF = s * next[r]!;
        nextSum += nextF;
        nextSquares += nextF * nextF;
      }
      let [f, nextF] = [0, 0];
      for (let r = alone; r < rows; r++, at++) {
        f += columns[at]! * scale[r]!;
        nextF += columns[at]! * next[r]!;
        if (last[r] === 0) continue;
        sum += f;
        squares += f * f;
        nextSum += nextF;
        nextSquares += nextF * nextF;
        f = 0;
        nextF = 0;
      }
      const ofSum = sum * sum;
      const ofNext = nextSum * nextSum;
      if (!(ofSum > 1e-290 && ofSum < Infinity && ofNext > 1e-290 && ofNext < Infinity)) return undefined;
      deviation += global ? squares - ofSum / m : (m * squares) / ofSum - 1;
      nextDeviation += global ? nextSquares - ofNext / m : (m * nextSquares) / ofNext - 1;
      ofMean += ofSum / m;
      nextOfMean += ofNext / m;
    }
    curve[i] = deviation / (global ? ofMean : grid);
    // Past the end of an odd number of trials this is lost.
    curve[i + 1] = nextDeviation / (global ? nextOfMean : grid);
    for (let r = 0; r < rows; r++) scale[r] = next[r]! * ratio[r]!;
  }
  return curve;
}
