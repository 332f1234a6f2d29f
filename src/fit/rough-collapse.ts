import { power } from '../numeric/power.ts';

/** What deviations from the mean profile are divided by, see `CollapseOptions`. */
export type Normalise = 'pointwise' | 'global';

/** Profiles on the grid points that they share. */
export interface Rows {
  readonly normalise: Normalise;
  readonly duration: Float64Array;
  readonly x: Float64Array;
  readonly strength: Float64Array;
}

/**
 * NMSE at every trial from Σ f and Σ f² over the durations, powers of durations step by step: right to 1e-11. Undefined where sums would
 * cancel or leave the doubles, as where a profile isn't positive. Two trials at a time: their sums don't wait for each other.
 */
export function roughCurve(
  { duration, x, strength, normalise }: Rows,
  gamma: Float64Array,
  step: number,
): Float64Array | undefined {
  const m = duration.length;
  const grid = x.length;
  const scale = duration.map((d) => power(d / duration[0]!, 1 - gamma[0]!));
  const ratio = duration.map((d) => power(d / duration[0]!, -step));
  const next = new Float64Array(m);
  const columns = new Float64Array(strength.length);
  for (let r = 0, at = 0; r < m; r++) {
    for (let g = 0; g < grid; g++, at++) {
      if (!(strength[at]! >= 0)) return undefined;
      columns[g * m + r] = strength[at]!;
    }
  }
  const curve = new Float64Array(gamma.length);
  const global = normalise === 'global';
  for (let i = 0; i < gamma.length; i += 2) {
    for (let r = 0; r < m; r++) next[r] = scale[r]! * ratio[r]!;
    let [deviation, ofMean, nextDeviation, nextOfMean] = [0, 0, 0, 0];
    for (let g = 0, at = 0; g < grid; g++) {
      let [sum, squares, nextSum, nextSquares] = [0, 0, 0, 0];
      for (let r = 0; r < m; r++, at++) {
        const s = columns[at]!;
        const f = s * scale[r]!;
        sum += f;
        squares += f * f;
        const nextF = s * next[r]!;
        nextSum += nextF;
        nextSquares += nextF * nextF;
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
    for (let r = 0; r < m; r++) scale[r] = next[r]! * ratio[r]!;
  }
  return curve;
}
