import type { RareDurations } from '../fit/rare.ts';
import {
  fitScaling,
  type ScalingFit,
  type ScalingOptions,
  type ScalingRange,
  type SizesByDuration,
} from '../fit/scaling-fit.ts';
import type { ScalingResult } from '../reduce/scaling.ts';

/** Rows of n values each, with their means and Σ (x − mean)². */
interface Spreads {
  readonly n: Float64Array;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

const spreads = (rows: number): Spreads => ({
  n: new Float64Array(rows),
  mean: new Float64Array(rows),
  squares: new Float64Array(rows),
});

/** Joins n values to those of a row. */
function join(
  { n, mean, squares }: Spreads,
  row: number,
  added: number,
  addedMean: number,
  addedSquares: number,
): void {
  if (added === 0) return;
  const had = n[row]!;
  if (had === 0) {
    n[row] = added;
    mean[row] = addedMean;
    squares[row] = addedSquares;
    return;
  }
  const all = had + added;
  const apart = addedMean - mean[row]!;
  n[row] = all;
  mean[row] = mean[row]! + apart * (added / all);
  squares[row] = squares[row]! + addedSquares + apart * apart * had * (added / all);
}

const squaresOf = (n: number, variance: number): number => (n > 1 ? (n - 1) * variance : 0);

/** Groups that there are at least, where avalanches are few, as long as ten of them fall on each. */
const leastGroups = 20;

/**
 * Sizes against durations within a range, neighbouring durations grouped until a group holds `leastCount` avalanches, or a twentieth of all
 * where those are fewer; what is left at the end joins the last group. For whatever weighs by the variance of their sizes, which is itself uncertain
 * where a duration has few avalanches: two sizes that are alike by chance would outweigh everything else.
 */
export function groupedSizes(
  sizes: ScalingResult,
  { least = 1, most = Infinity }: ScalingRange,
  leastCount: number,
): Required<SizesByDuration> {
  let all = 0;
  let rows = 0;
  for (let i = 0; i < sizes.duration.length; i++) {
    if (sizes.duration[i]! < least || sizes.duration[i]! > most) continue;
    all += sizes.count[i]!;
    rows++;
  }
  const enough = Math.min(leastCount, Math.max(10, all / leastGroups));
  const size = spreads(rows);
  const logSize = spreads(rows);
  const logDuration = new Float64Array(rows);
  const share = (row: number, added: number, at: number): void => {
    logDuration[row]! += (added / (size.n[row]! + added)) * (at - logDuration[row]!);
  };
  let row = 0;
  for (let i = 0; i < sizes.duration.length; i++) {
    if (sizes.duration[i]! < least || sizes.duration[i]! > most) continue;
    const n = sizes.count[i]!;
    const logN = sizes.logCount[i]!;
    share(row, n, sizes.logDuration[i]!);
    join(size, row, n, sizes.meanSize[i]!, squaresOf(n, sizes.varSize[i]!));
    join(logSize, row, logN, sizes.meanLogSize[i]!, squaresOf(logN, sizes.varLogSize[i]!));
    if (size.n[row]! >= enough) row++;
  }
  if (row < rows && size.n[row]! > 0) {
    if (row === 0) row = 1;
    else {
      share(row - 1, size.n[row]!, logDuration[row]!);
      for (const spread of [size, logSize]) {
        join(spread, row - 1, spread.n[row]!, spread.mean[row]!, spread.squares[row]!);
      }
    }
  }
  const groups = logDuration.subarray(0, row);
  return {
    duration: groups.map(Math.exp),
    logDuration: groups,
    count: size.n.subarray(0, row),
    logCount: logSize.n.subarray(0, row),
    meanSize: size.mean.subarray(0, row),
    varSize: groups.map((_, r) => size.squares[r]! / (size.n[r]! - 1)),
    meanLogSize: groups.map((_, r) => (logSize.n[r]! > 0 ? logSize.mean[r]! : Number.NaN)),
    varLogSize: groups.map((_, r) => logSize.squares[r]! / Math.max(0, logSize.n[r]! - 1)),
  };
}

/** γ as parameters ask for it: durations with few avalanches are grouped where their own variances weigh them, or left out if that is asked for. */
export function fitSizes(
  sizes: ScalingResult,
  options: ScalingOptions,
  { scalingCount, scalingRare }: { readonly scalingCount: number; readonly scalingRare?: RareDurations },
): ScalingFit {
  if (scalingRare === 'leave-out') return fitScaling(sizes, { ...options, leastCount: scalingCount });
  return fitScaling(options.weights === 'log' ? groupedSizes(sizes, options, scalingCount) : sizes, options);
}
