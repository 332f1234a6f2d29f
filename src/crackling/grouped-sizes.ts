import type { ScalingRange, SizesByDuration } from '../fit/scaling-fit.ts';
import type { ScalingResult } from '../reduce/scaling.ts';

/** n values with their mean and Σ (x − mean)². */
interface Spread {
  readonly n: number;
  readonly mean: number;
  readonly squares: number;
}

const nothing: Spread = { n: 0, mean: 0, squares: 0 };

const spreadOf = (n: number, mean: number, variance: number): Spread =>
  n === 0 ? nothing : { n, mean, squares: n > 1 ? (n - 1) * variance : 0 };

function joined(a: Spread, b: Spread): Spread {
  if (a.n === 0 || b.n === 0) return a.n === 0 ? b : a;
  const n = a.n + b.n;
  const apart = b.mean - a.mean;
  return {
    n,
    mean: a.mean + apart * (b.n / n),
    squares: a.squares + b.squares + apart * apart * a.n * (b.n / n),
  };
}

/** Groups that a scaling fit has at least, where avalanches are few, as long as ten of them fall on each. */
const leastGroups = 20;

/**
 * Sizes against durations within a range, neighbouring durations grouped until a group holds `leastCount` avalanches, or a twentieth of all
 * where those are fewer; what is left at the end joins the last group. Where a duration has few avalanches the variance of their sizes is
 * itself uncertain, and with it the weight in the scaling fit: two sizes that are alike by chance would outweigh everything else, and groups
 * of ten, whose weights go with their means, pull γ down by 0.01.
 */
export function groupedSizes(
  sizes: ScalingResult,
  { least = 1, most = Infinity }: ScalingRange,
  leastCount: number,
): SizesByDuration {
  let all = 0;
  for (let i = 0; i < sizes.duration.length; i++) {
    if (sizes.duration[i]! >= least && sizes.duration[i]! <= most) all += sizes.count[i]!;
  }
  const enough = Math.min(leastCount, Math.max(10, all / leastGroups));
  const rows: { logDuration: number; size: Spread; logSize: Spread }[] = [];
  const open = (): (typeof rows)[number] => ({ logDuration: 0, size: nothing, logSize: nothing });
  let current = open();
  const join = (into: typeof current, row: typeof current): void => {
    into.logDuration += (row.size.n / (into.size.n + row.size.n)) * (row.logDuration - into.logDuration);
    into.size = joined(into.size, row.size);
    into.logSize = joined(into.logSize, row.logSize);
  };
  for (let i = 0; i < sizes.duration.length; i++) {
    if (sizes.duration[i]! < least || sizes.duration[i]! > most) continue;
    join(current, {
      logDuration: sizes.logDuration[i]!,
      size: spreadOf(sizes.count[i]!, sizes.meanSize[i]!, sizes.varSize[i]!),
      logSize: spreadOf(sizes.logCount[i]!, sizes.meanLogSize[i]!, sizes.varLogSize[i]!),
    });
    if (current.size.n < enough) continue;
    rows.push(current);
    current = open();
  }
  if (current.size.n > 0) {
    const last = rows.at(-1);
    if (last === undefined) rows.push(current);
    else join(last, current);
  }
  const each = (value: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, value);
  return {
    duration: each((row) => Math.exp(row.logDuration)),
    logDuration: each((row) => row.logDuration),
    count: each(({ size }) => size.n),
    logCount: each(({ logSize }) => logSize.n),
    meanSize: each(({ size }) => size.mean),
    varSize: each(({ size }) => size.squares / (size.n - 1)),
    meanLogSize: each(({ logSize }) => (logSize.n > 0 ? logSize.mean : Number.NaN)),
    varLogSize: each(({ logSize }) => logSize.squares / Math.max(0, logSize.n - 1)),
  };
}
