import { createStream } from '../numeric/random.ts';
import { shuffleInPlace } from '../numeric/shuffle.ts';

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

/** An estimate with what resampling says of it. */
export interface Resampled {
  readonly value: number;
  /** Standard deviation over resamples. */
  readonly standardError: number;
  /** Central 95 % of the resamples. */
  readonly low: number;
  readonly high: number;
}

/** How well a predictor orders an outcome. */
export interface RankedPredictor {
  /** Rows compared: those on which all predictors and the outcome are numbers. */
  readonly n: number;
  /** Spearman's ρ with the mean outcome. */
  readonly rho: Resampled;
  /** Two-sided, by permutation: the share of shuffles with |ρ| as large or larger, the data counted among them. */
  readonly pValue: number;
}

/** How far one predictor is ahead of another, both on the same rows. */
export interface RankDifference {
  /** Positions in the list of predictors. */
  readonly predictor: number;
  readonly other: number;
  /** ρ of the predictor less that of the other. */
  readonly difference: Resampled;
  /** Share of resamples in which the predictor's ρ is the larger; equal ones count half. */
  readonly ahead: number;
}

const purpose = { bootstrap: 0x73706265, permutation: 0x73707065 } as const;
const TIES = 1e-12;

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Resamples in which a side doesn't vary have no ρ and don't count. */
function resampledOf(value: number, samples: readonly number[]): Resampled {
  const finite = samples.filter(Number.isFinite).sort((a, b) => a - b);
  const mean = meanOf(finite);
  const squares = finite.reduce((sum, sample) => sum + (sample - mean) ** 2, 0);
  const at = (share: number): number => finite[Math.round(share * (finite.length - 1))] ?? Number.NaN;
  return { value, standardError: Math.sqrt(squares / (finite.length - 1)), low: at(0.025), high: at(0.975) };
}

export interface ResampleOptions {
  readonly seed?: number;
  /** Shuffles of one side, for the p-value. */
  readonly permutations?: number;
  /** Resamples, for errors and intervals. */
  readonly bootstraps?: number;
}

/** ρ of the outcome with each column over resamples of rows and, within a row, of its measurements; the same ones for every column. */
function resampled(
  columns: readonly (readonly number[])[],
  outcomes: readonly (readonly number[])[],
  { seed = 1, bootstraps = 2000 }: ResampleOptions,
): number[][] {
  const stream = createStream(seed, purpose.bootstrap);
  const out = columns.map((): number[] => []);
  for (let b = 0; b < bootstraps; b++) {
    const rows = Array.from(outcomes, () => stream.integer(outcomes.length));
    const y = rows.map((row) => {
      const measured = outcomes[row]!;
      return measured.length === 1
        ? measured[0]!
        : meanOf(measured.map(() => measured[stream.integer(measured.length)]!));
    });
    const side = ranks(y);
    columns.forEach((x, c) => {
      out[c]!.push(pearson(ranks(rows.map((row) => x[row]!)), side));
    });
  }
  return out;
}

function significance(
  x: readonly number[],
  y: readonly number[],
  { seed = 1, permutations = 9999 }: ResampleOptions,
): number {
  const stream = createStream(seed, purpose.permutation);
  const [a, b] = [ranks(x), ranks(y)];
  const rho = Math.abs(pearson(a, b));
  if (Number.isNaN(rho)) return Number.NaN;
  let atLeast = 1;
  for (let p = 0; p < permutations; p++) {
    shuffleInPlace(b, stream);
    if (Math.abs(pearson(a, b)) >= rho - TIES) atLeast++;
  }
  return atLeast / (permutations + 1);
}

/**
 * Spearman's ρ of an outcome, measured once or more on each row, with several predictors over the rows on which all are numbers, and the
 * differences of every two of them. Errors come from a two-stage bootstrap: rows are drawn, then measurements within each (Davison & Hinkley,
 * Bootstrap Methods and their Application, 1997, section 3.8). Drawn measurements scatter about means that scatter already, so that resampled ρ
 * lie a little low and their spread is a little wide. Neighbouring cells of a grid are alike, so that p-values, which take rows for
 * exchangeable, are smaller than they ought to be.
 * @param predictors a column each, of one value a row
 * @param outcomes the measurements of each row, at least one
 * @returns differences of predictors i < j, in the order of i, then j
 */
export function rankPredictors(
  predictors: readonly ArrayLike<number>[],
  outcomes: readonly (readonly number[])[],
  options: ResampleOptions = {},
): { readonly predictors: RankedPredictor[]; readonly differences: RankDifference[] } {
  const rows = outcomes.flatMap((measured, i) =>
    Number.isNaN(meanOf(measured)) || predictors.some((x) => Number.isNaN(x[i])) ? [] : [i],
  );
  const measured = rows.map((i) => outcomes[i]!);
  const y = measured.map(meanOf);
  const columns = predictors.map((x) => rows.map((i) => x[i]!));
  const rhos = columns.map((x) => spearman(x, y));
  const samples = resampled(columns, measured, options);
  const differences = columns.flatMap((_, i) =>
    columns.slice(i + 1).map((_unused, k): RankDifference => {
      const j = i + 1 + k;
      const leads = samples[i]!.map((rho, b) => rho - samples[j]![b]!);
      const counted = leads.filter(Number.isFinite);
      const ahead = counted.reduce((sum, lead) => sum + (Math.abs(lead) < TIES ? 0.5 : lead > 0 ? 1 : 0), 0);
      return {
        predictor: i,
        other: j,
        difference: resampledOf(rhos[i]! - rhos[j]!, leads),
        ahead: ahead / counted.length,
      };
    }),
  );
  return {
    predictors: columns.map((x, c) => ({
      n: rows.length,
      rho: resampledOf(rhos[c]!, samples[c]!),
      pValue: significance(x, y, options),
    })),
    differences,
  };
}
