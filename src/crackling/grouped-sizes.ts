import type { ScalingRange, SizesByDuration } from '../fit/scaling-fit.ts';
import type { ScalingResult } from '../reduce/scaling.ts';

/**
 * Sizes against durations within a range, neighbouring durations grouped until a group holds `least` avalanches; what is left at the
 * end joins the last group. Where a duration has few avalanches the variance of ln S is itself uncertain, and with it the weight in
 * the scaling fit: two sizes that are alike by chance would outweigh everything else.
 */
export function groupedSizes(
  sizes: ScalingResult,
  { least = 1, most = Infinity }: ScalingRange,
  leastCount: number,
): SizesByDuration {
  const rows: { n: number; logDuration: number; size: number; logSize: number; squares: number }[] = [];
  const open = (): (typeof rows)[number] => ({ n: 0, logDuration: 0, size: 0, logSize: 0, squares: 0 });
  let current = open();
  const join = (into: typeof current, row: typeof current): void => {
    const n = into.n + row.n;
    const share = row.n / n;
    const apart = row.logSize - into.logSize;
    into.squares += row.squares + apart * apart * into.n * share;
    into.logDuration += share * (row.logDuration - into.logDuration);
    into.size += share * (row.size - into.size);
    into.logSize += share * apart;
    into.n = n;
  };
  for (let i = 0; i < sizes.duration.length; i++) {
    if (sizes.duration[i]! < least || sizes.duration[i]! > most) continue;
    const n = sizes.count[i]!;
    join(current, {
      n,
      logDuration: sizes.logDuration[i]!,
      size: sizes.meanSize[i]!,
      logSize: sizes.meanLogSize[i]!,
      squares: n > 1 ? (n - 1) * sizes.varLogSize[i]! : 0,
    });
    if (current.n < leastCount) continue;
    rows.push(current);
    current = open();
  }
  if (current.n > 0) {
    const last = rows.at(-1);
    if (last === undefined) rows.push(current);
    else join(last, current);
  }
  const each = (value: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, value);
  return {
    duration: each((row) => Math.exp(row.logDuration)),
    logDuration: each((row) => row.logDuration),
    count: each((row) => row.n),
    meanSize: each((row) => row.size),
    meanLogSize: each((row) => row.logSize),
    varLogSize: each((row) => row.squares / (row.n - 1)),
  };
}
