import type { GroupedSample } from '../reduce/grouped.ts';

/** Values and how often each one is there: a sample of any size in the memory of its distinct values. */
export interface CountedSample {
  /** In any order; values that come several times are taken together. */
  readonly value: Float64Array;
  /** Whole numbers ≥ 0. */
  readonly count: Float64Array;
}

/** Every value as often as it is there. */
export function expanded({ value, count }: CountedSample): Float64Array {
  const all = new Float64Array(count.reduce((sum, c) => sum + c, 0));
  let at = 0;
  value.forEach((x, i) => {
    all.fill(x, at, at + count[i]!);
    at += count[i]!;
  });
  return all;
}

/** Real values of one group differ by less than this share of themselves. */
const width = 2 ** -8;

/** As groups, for a bootstrap whose cost doesn't grow with the counts: each integer by itself, real values within 1/256. */
export function groupsOf({ value, count }: CountedSample, discrete: boolean): GroupedSample {
  const order = Array.from(value.keys())
    .filter((i) => value[i]! > 0 && value[i]! < Infinity && count[i]! > 0)
    .sort((a, b) => value[a]! - value[b]!);
  const rows: { lower: number; upper: number; count: number; sumLog: number }[] = [];
  for (const i of order) {
    const [x, c] = [value[i]!, count[i]!];
    const last = rows.at(-1);
    if (last !== undefined && x < last.upper) {
      last.count += c;
      last.sumLog += c * Math.log(x);
    } else {
      const lower = discrete || last === undefined ? x : Math.max(x * (1 - width / 2), last.upper);
      rows.push({ lower, upper: discrete ? x + 1 : x * (1 + width / 2), count: c, sumLog: c * Math.log(x) });
    }
  }
  const pick = (name: keyof (typeof rows)[number]): Float64Array => Float64Array.from(rows, (row) => row[name]);
  return { discrete, lower: pick('lower'), upper: pick('upper'), count: pick('count'), sumLog: pick('sumLog') };
}
