import { ParameterError } from '../error.ts';
import type { GroupedSample } from '../reduce/grouped.ts';
import { memoryFor } from '../reduce/outgrown.ts';
import type { CountedSample } from './counted.ts';

/** What a fit can be made of: raw values in any order, values with their counts, or a sample known by groups. */
export type Sample = ArrayLike<number> | CountedSample | GroupedSample;

/**
 * A sample as a ladder of ascending positions (the distinct values, or the lower edges of the occupied groups) with, at
 * every position, how many values lie at or above it and their Σ ln x: all that a power-law fit with any cutoffs needs,
 * in O(1) each.
 */
export interface OrderedSample {
  readonly discrete: boolean;
  /** Distinct values, or lower edges of occupied groups: length m. */
  readonly position: Float64Array;
  readonly logPosition: Float64Array;
  /** Upper edges of the occupied groups; null for raw values. */
  readonly upper: Float64Array | null;
  /** Number of values at or above each position, and a closing 0: length m + 1. */
  readonly countFrom: Float64Array;
  /** Σ ln x over those values, and a closing 0: length m + 1. */
  readonly sumLogFrom: Float64Array;
  /** Values that were left out because no power law has them: not positive, or not finite. */
  readonly excluded: number;
}

export function isGrouped(sample: Sample): sample is GroupedSample {
  return 'sumLog' in sample;
}

export function isCounted(sample: Sample): sample is CountedSample {
  return 'count' in sample && 'value' in sample;
}

/**
 * Orders a sample. Values that aren't positive and finite are left out and counted.
 * @param discrete whether the values are integers; a grouped sample says so itself
 * @param spare the order of another grouped sample, which nobody reads any more: its memory is taken
 * @throws ParameterError where nothing is left, where a discrete value isn't an integer, or where groups are not ascending
 */
export function orderSample(sample: Sample, discrete?: boolean, spare?: OrderedSample): OrderedSample {
  if (isCounted(sample)) return orderCounted(sample, discrete ?? false);
  if (!isGrouped(sample)) return orderValues(sample, discrete ?? false);
  if (discrete !== undefined && discrete !== sample.discrete) {
    throw new ParameterError(
      `discrete must be ${sample.discrete} as the grouped sample says, or left out, got ${discrete}`,
    );
  }
  return orderGroups(sample, spare);
}

function orderValues(values: ArrayLike<number>, discrete: boolean): OrderedSample {
  const kept = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (!(x > 0 && x < Infinity)) continue;
    if (discrete && !Number.isInteger(x)) throw new ParameterError(`discrete values must be integers, got ${x}`);
    kept[n++] = x;
  }
  if (n === 0) throw new ParameterError(`a power-law fit needs positive values, got none among ${values.length}`);
  const sorted = kept.subarray(0, n).sort();
  let distinct = 1;
  for (let i = 1; i < n; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  const position = new Float64Array(distinct);
  const count = new Float64Array(distinct);
  let j = -1;
  for (let i = 0; i < n; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) position[++j] = sorted[i]!;
    count[j]!++;
  }
  return distinctLadder(discrete, position, count, values.length - n);
}

function orderCounted({ value, count: given }: CountedSample, discrete: boolean): OrderedSample {
  if (value.length !== given.length) {
    throw new ParameterError(`values and counts must be as many, got ${value.length} and ${given.length}`);
  }
  const sum = new Map<number, number>();
  let excluded = 0;
  for (let i = 0; i < value.length; i++) {
    const [x, c] = [value[i]!, given[i]!];
    if (!(Number.isInteger(c) && c >= 0)) throw new ParameterError(`counts must be whole numbers, got ${c}`);
    if (!(x > 0 && x < Infinity)) {
      excluded += c;
      continue;
    }
    if (discrete && !Number.isInteger(x)) throw new ParameterError(`discrete values must be integers, got ${x}`);
    if (c > 0) sum.set(x, (sum.get(x) ?? 0) + c);
  }
  if (sum.size === 0) throw new ParameterError(`a power-law fit needs positive values, got none among ${excluded}`);
  const position = Float64Array.from(sum.keys()).sort();
  return distinctLadder(
    discrete,
    position,
    position.map((x) => sum.get(x)!),
    excluded,
  );
}

function distinctLadder(
  discrete: boolean,
  position: Float64Array,
  count: Float64Array,
  excluded: number,
): OrderedSample {
  const logPosition = position.map(Math.log);
  const sumLog = logPosition.map((log, i) => log * count[i]!);
  return ladder({ discrete, position, logPosition, upper: null, excluded }, count, sumLog);
}

function orderGroups(sample: GroupedSample, spare?: OrderedSample): OrderedSample {
  const { lower, upper, count, sumLog, discrete } = sample;
  const groups = lower.length;
  let m = 0;
  let excluded = 0;
  for (let i = 0; i < groups; i++) {
    if (i > 0 && !(lower[i]! >= upper[i - 1]!)) {
      throw new ParameterError(`groups must be ascending and disjoint, got ${upper[i - 1]} before ${lower[i]}`);
    }
    if (isFitted(sample, i)) m++;
    else if (count[i]! > 0) excluded += count[i]!;
  }
  if (m === 0) throw new ParameterError('a power-law fit needs positive values, got only empty groups');
  // As a rule all are, and hundreds of halves of the data are ordered.
  const kept = (column: Float64Array): Float64Array =>
    m === groups ? column : column.filter((_, i) => isFitted(sample, i));
  const position = kept(lower);
  const logPosition = memoryFor(m, spare?.logPosition);
  for (let j = 0; j < m; j++) logPosition[j] = Math.log(position[j]!);
  return ladder({ discrete, position, logPosition, upper: kept(upper), excluded }, kept(count), kept(sumLog), spare);
}

/** Whether a group holds values that a power law can have. */
const isFitted = ({ lower, count, sumLog }: GroupedSample, i: number): boolean =>
  count[i]! > 0 && lower[i]! > 0 && Number.isFinite(sumLog[i]!);

/**
 * Suffix sums, with Neumaier's compensation: a sum over 1e8 values keeps its last digits.
 * @param count values at each position, and `sumLog` their Σ ln x
 */
function ladder(
  positions: Omit<OrderedSample, 'countFrom' | 'sumLogFrom'>,
  count: Float64Array,
  sumLog: Float64Array,
  spare?: OrderedSample,
): OrderedSample {
  const m = count.length;
  const countFrom = memoryFor(m + 1, spare?.countFrom);
  const sumLogFrom = memoryFor(m + 1, spare?.sumLogFrom);
  countFrom[m] = 0;
  sumLogFrom[m] = 0;
  let sum = 0;
  let carry = 0;
  for (let i = m - 1; i >= 0; i--) {
    countFrom[i] = countFrom[i + 1]! + count[i]!;
    const add = sumLog[i]!;
    const total = sum + add;
    carry += Math.abs(sum) >= Math.abs(add) ? sum - total + add : add - total + sum;
    sum = total;
    sumLogFrom[i] = sum + carry;
  }
  return { ...positions, countFrom, sumLogFrom };
}

/** Index of the first position ≥ x (m where there is none). */
export function indexAtLeast(position: Float64Array, x: number): number {
  let low = 0;
  let high = position.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (position[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
