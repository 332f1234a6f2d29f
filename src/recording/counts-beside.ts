import { isExpected } from '../error.ts';
import { ranks, spearman } from '../fit/rank-correlation.ts';
import { type Condition, readRows } from './rows.ts';
import type { DataSource } from './source.ts';

/** A table of counts has some rows and few columns, and on average more than so many values a row. */
const [leastRows, mostColumns, leastMean] = [5, 8, 2];
/** How clearly small values are more frequent than large ones: in ranks, and in the mean over either half of the rows. */
const [leastCorrelation, leastRatio] = [0.5, 4];

const rises = (values: Float64Array): boolean => values.every((x, i) => i === 0 || x > values[i - 1]!);
const falls = (values: Float64Array): boolean => values.every((x, i) => i === 0 || x <= values[i - 1]!);
const isDistinct = (values: Float64Array): boolean => {
  const seen = new Set<number>();
  return values.every((x) => seen.size < seen.add(x).size);
};

/** Whether values may be those of a table of counts: each is there once, and real numbers in their order. */
const mayBeCounted = (values: Float64Array): boolean =>
  values.length >= leastRows && (rises(values) || (values.every(Number.isInteger) && isDistinct(values)));

/** Whether a column may say how often each value is there: whole numbers, far larger beside small values; rows go by the one or the other. */
function mayCount(counts: Float64Array, values: Float64Array): boolean {
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) return false;
  if (!rises(values) && !falls(counts)) return false;
  const middle = (values.length + 1) / 2;
  const rank = ranks(values);
  let [small, large] = [0, 0];
  for (let i = 0; i < counts.length; i++) {
    if (rank[i]! < middle) small += counts[i]!;
    else if (rank[i]! > middle) large += counts[i]!;
  }
  const many = small + large >= leastMean * values.length;
  return many && small >= leastRatio * large && spearman(values, counts) <= -leastCorrelation;
}

/** A column of numbers of a known length; undefined where it holds none, or can't be read again. */
async function columnAgain(
  source: DataSource,
  name: string,
  length: number,
  where: readonly Condition[],
): Promise<Float64Array | undefined> {
  const all = new Float64Array(length);
  let read = 0;
  try {
    for await (const { columns, rows } of readRows(source, [name], { where }, { read: 0, kept: 0, censored: 0 })) {
      if (read + rows > length) return undefined;
      all.set(columns[name]!, read);
      read += rows;
    }
  } catch (error) {
    if (!isExpected(error)) throw error;
    return undefined;
  }
  return read === length ? all : undefined;
}

/**
 * The column that may say how often each value of another is there; undefined where none looks like it. Others are read only where values look
 * like those of a table of counts.
 * @param values of the column that was read, row by row
 */
export async function countsBeside(
  source: DataSource,
  column: string,
  values: Float64Array,
  where: readonly Condition[],
): Promise<string | undefined> {
  const others = source.columns.filter((name) => name !== column);
  if (others.length === 0 || others.length >= mostColumns || !mayBeCounted(values)) return undefined;
  for (const name of others) {
    const counts = await columnAgain(source, name, values.length, where);
    if (counts !== undefined && mayCount(counts, values)) return name;
  }
  return undefined;
}
