import { createStream } from '../numeric/random.ts';

/** Ranks from 1; ties share the mean of theirs. Infinities have ranks like any number. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => {
    const [x, y] = [values[a]!, values[b]!];
    return x < y ? -1 : x > y ? 1 : 0;
  });
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) out[order[i]!] = (from + to + 1) / 2;
    from = to;
  }
  return out;
}

function pearson(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  let [meanX, meanY] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanX += x[i]! / n;
    meanY += y[i]! / n;
  }
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [x[i]! - meanX, y[i]! - meanY];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

/** Spearman's rank correlation; NaN where either side doesn't vary, or for fewer than two pairs. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(ranks(x), ranks(y));
}

export interface RankCorrelation {
  /** Pairs without a NaN. */
  readonly n: number;
  readonly rho: number;
  /** Standard deviation over resamples of the pairs. */
  readonly standardError: number;
  /** Two-sided, by permutation: the share of shuffles with |ρ| as large or larger, the data counted among them. */
  readonly pValue: number;
}

const purpose = { bootstrap: 0x73706265, permutation: 0x73707065 } as const;
const TIES = 1e-12;

function shuffled(values: Float64Array, stream: ReturnType<typeof createStream>): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    const kept = values[i]!;
    values[i] = values[j]!;
    values[j] = kept;
  }
}

const deviation = (values: readonly number[]): number => {
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  return Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (finite.length - 1));
};

export interface ResampleOptions {
  readonly seed?: number;
  /** Shuffles of one side, for the p-value. */
  readonly permutations?: number;
  /** Resamples of the pairs, for the errors. */
  readonly bootstraps?: number;
}

/** ρ of y with each column of x over `bootstraps` resamples of the rows, the same resamples for every column. */
function resampled(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  { seed = 1, bootstraps = 1000 }: ResampleOptions,
): number[][] {
  const stream = createStream(seed, purpose.bootstrap);
  const out = columns.map((): number[] => []);
  for (let b = 0; b < bootstraps; b++) {
    const rows = Array.from(y, () => stream.integer(y.length));
    const side = rows.map((row) => y[row]!);
    columns.forEach((x, c) => {
      out[c]!.push(
        spearman(
          rows.map((row) => x[row]!),
          side,
        ),
      );
    });
  }
  return out;
}

function significance(x: ArrayLike<number>, y: ArrayLike<number>, { seed = 1, permutations = 9999 }: ResampleOptions) {
  const stream = createStream(seed, purpose.permutation);
  const [a, b] = [ranks(x), ranks(y)];
  const rho = Math.abs(pearson(a, b));
  if (Number.isNaN(rho)) return Number.NaN;
  let atLeast = 1;
  for (let p = 0; p < permutations; p++) {
    shuffled(b, stream);
    if (Math.abs(pearson(a, b)) >= rho - TIES) atLeast++;
  }
  return atLeast / (permutations + 1);
}

/** How well each predictor orders an outcome, and how far the first one is ahead of each. */
export interface RankedPredictor extends RankCorrelation {
  /** ρ of the first predictor less this one's, over the same pairs. */
  readonly lead: number;
  readonly leadError: number;
}

/**
 * Spearman's ρ of an outcome with several predictors over the rows on which all are numbers. Neighbouring cells of a grid are alike, so that
 * p-values, which take rows for exchangeable, are smaller than they ought to be; the leads are compared on the same rows.
 */
export function rankPredictors(
  predictors: readonly ArrayLike<number>[],
  outcome: ArrayLike<number>,
  options: ResampleOptions = {},
): RankedPredictor[] {
  const rows = Array.from(outcome, (_, i) => i).filter(
    (i) => !Number.isNaN(outcome[i]) && predictors.every((x) => !Number.isNaN(x[i])),
  );
  const y = rows.map((i) => outcome[i]!);
  const columns = predictors.map((x) => rows.map((i) => x[i]!));
  const rhos = columns.map((x) => spearman(x, y));
  const samples = resampled(columns, y, options);
  return columns.map((x, c) => ({
    n: rows.length,
    rho: rhos[c]!,
    standardError: deviation(samples[c]!),
    pValue: significance(x, y, options),
    lead: rhos[0]! - rhos[c]!,
    leadError: c === 0 ? 0 : deviation(samples[c]!.map((rho, b) => samples[0]![b]! - rho)),
  }));
}
