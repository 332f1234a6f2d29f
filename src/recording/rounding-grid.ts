/** What values that stand for intervals were rounded to: so many significant digits, or powers of a ratio (magnitudes to a tenth, as energies). */
export type RoundingGrid =
  | { readonly kind: 'digits'; readonly digits: number }
  | { readonly kind: 'ratio'; readonly ratio: number };

/** A grid, and the intervals of the values on it. */
export interface Rounded {
  readonly grid: RoundingGrid;
  /** Where intervals end: from that of the first value up to one that ends at `high` or beyond, and at the last value's at least. */
  edgesTo(high: number): number[];
}

/** Values with more digits than this lie closer to each other than any sample tells. */
const mostDigits = 4;
/** The share of values that may have more digits. */
const stray = 0.02;
/** Fewest distinct values, how far off a grid they may be printed, in its steps, and the chance that real numbers are as near to one. */
const least = 6;
const farthest = 0.15;
const chance = 1e-4;

/**
 * The grid that values were rounded to, where it is a coarse one; undefined for real numbers, and for integers and multiples of a step, unless they
 * lie on a coarser grid yet.
 * @param values distinct and ascending
 * @param counts how often each is there
 * @param step what all of them are multiples of; undefined for real numbers
 */
export function roundingOf(
  values: readonly number[],
  counts: readonly number[],
  step: number | undefined,
): Rounded | undefined {
  if (values.length < least) return undefined;
  return byRatio(values) ?? byDigits(values, counts, step);
}

/** The constant ratio of neighbours, gaps aside: steps of ln x from the smallest, refined as they add up. */
function byRatio(values: readonly number[]): Rounded | undefined {
  const logs = values.map(Math.log);
  const first = logs[0]!;
  let step = Infinity;
  for (let i = 1; i < logs.length; i++) step = Math.min(step, logs[i]! - logs[i - 1]!);
  if (!(step > 1e-6)) return undefined;
  for (const log of logs.slice(1)) {
    const k = Math.round((log - first) / step);
    if (k < 1 || Math.abs((log - first) / step - k) > 0.35) return undefined;
    step = (log - first) / k;
  }
  const place = logs.map((log) => Math.round((log - first) / step));
  if (place.some((k, i) => i > 0 && k === place[i - 1])) return undefined;
  const offset = logs.reduce((sum, log, i) => sum + log - place[i]! * step, 0) / logs.length;
  const off = Math.max(...logs.map((log, i) => Math.abs((log - offset) / step - place[i]!)));
  if (off > farthest || (logs.length - 2) * Math.log(2 * off) > Math.log(chance)) return undefined;
  const edge = (k: number): number => Math.exp(offset + (k - 0.5) * step);
  return {
    grid: { kind: 'ratio', ratio: Math.exp(step) },
    edgesTo: (high) => {
      const edges = [edge(0)];
      for (let k = 1; k <= place.at(-1)! + 1 || edges.at(-1)! < high; k++) edges.push(edge(k));
      return edges;
    },
  };
}

/** A number without the digits that single precision, or arithmetic, added. */
const plain = (x: number): number => Number(x.toPrecision(Math.fround(x) === x ? 7 : 15));

function digitsOf(x: number): number {
  const [mantissa] = plain(x).toExponential().split('e') as [string];
  return mantissa.length - (mantissa.includes('.') ? 1 : 0);
}

function byDigits(values: readonly number[], counts: readonly number[], step: number | undefined): Rounded | undefined {
  const having = new Float64Array(mostDigits + 1);
  let n = 0;
  let beyond = 0;
  for (let i = 0; i < values.length; i++) {
    const own = digitsOf(values[i]!);
    n += counts[i]!;
    if (own <= mostDigits) having[own]! += counts[i]!;
    else beyond += counts[i]!;
  }
  // Of many small integers the few large ones have more digits.
  const most = step === undefined ? stray * n : 0;
  let digits = mostDigits;
  for (; beyond <= most && digits > 0; digits--) beyond += having[digits]!;
  if (beyond <= most || ++digits > mostDigits) return undefined;
  const exponentOf = (x: number): number => Number(x.toExponential(digits - 1).split('e')[1]);
  const spacing = (x: number): number => Number(`1e${exponentOf(x) + 1 - digits}`);
  if (step !== undefined && values.filter((x) => spacing(x) > 1.5 * step).length < least) return undefined;
  const last = Number(values.at(-1)!.toPrecision(digits));
  return {
    grid: { kind: 'digits', digits },
    edgesTo: (high) => {
      let x = Number(values[0]!.toPrecision(digits));
      // Below a power of ten they lie a tenth as far apart.
      const edges = [x - spacing(x) / (x === Number(`1e${exponentOf(x)}`) ? 20 : 2)];
      for (; x <= last || edges.at(-1)! < high; x = Number((x + spacing(x)).toPrecision(digits))) {
        edges.push(x + spacing(x) / 2);
      }
      return edges;
    },
  };
}
