/** Rows of the trials that means were taken off, and whether it was one mean of all of them. */
export interface MeansTaken {
  readonly rows: readonly number[];
  readonly pooled: boolean;
}

/**
 * Expected sums of products about the means, lag by lag: of a process of correlation m^|j|, and of white noise, both of variance 1. `own` are those of
 * A(t) with itself over the rows that have a partner.
 */
export interface ExpectedSums {
  readonly lagged: Float64Array;
  readonly own: Float64Array;
  readonly whiteLagged: Float64Array;
  readonly whiteOwn: Float64Array;
}

/** Lengths that are told apart; of more, neighbours count as their mean. */
const mostLengths = 8;

/** Trials of one length. */
export interface Length {
  readonly rows: number;
  readonly trials: number;
}

/** Trials by length, the longest last. */
export function lengthsOf(rows: readonly number[]): Length[] {
  const sorted = [...rows].sort((a, b) => a - b);
  const distinct = new Set(sorted).size;
  const lengths: Length[] = [];
  if (distinct <= mostLengths) {
    for (const n of new Set(sorted)) lengths.push({ rows: n, trials: sorted.filter((x) => x === n).length });
    return lengths;
  }
  for (let i = 0; i < mostLengths; i++) {
    const part = sorted.slice(
      Math.floor((i * sorted.length) / mostLengths),
      Math.floor(((i + 1) * sorted.length) / mostLengths),
    );
    lengths.push({ rows: Math.round(part.reduce((a, b) => a + b, 0) / part.length), trials: part.length });
  }
  return lengths;
}

/**
 * Makes G(J) = Σ_{j<J} (J − j)·(1 − m^j), whose second difference is 1 − m^|J|; by its series where J is short for the decay, since terms of J² cancel
 * there.
 */
function summedTwice(rate: number): (J: number) => number {
  const gone = -Math.expm1(-rate);
  const factor = (1 - gone) / gone;
  return (J) => {
    const x = J * rate;
    if (x < 0.01) return ((rate * J * (J * J - 1)) / 6) * (1 - x / 4 + (rate * rate * (3 * J * J - 2)) / 60);
    return (J * (J - 1)) / 2 - factor * (J - (x < 40 ? 1 - Math.exp(-x) : 1) / gone);
  };
}

/**
 * What sums of products come to on average where means are taken off stationary trials: with n = T − k pairs of a trial and S(k) = Σ_{s,t<n} m^|t+k−s|
 * it is n·m^k − S(k)/n about the trial's own mean, the bias of Marriott & Pope, Biometrika 41, 390 (1954), to all orders in 1/T. Written in
 * 1 − m^|j|, since a constant leaves with the mean: so the limit m → 1 is that of a random walk.
 * @param rate −ln m
 */
export function expectedSums(
  lengths: readonly Length[],
  { pooled, lags, rate }: { readonly pooled: boolean; readonly lags: number; readonly rate: number },
): ExpectedSums {
  const zeros = (): Float64Array => new Float64Array(lags);
  const sums: ExpectedSums = { lagged: zeros(), own: zeros(), whiteLagged: zeros(), whiteOwn: zeros() };
  const twice = summedTwice(rate);
  const [first, gone] = [new Float64Array(lags + 1), new Float64Array(lags + 1)];
  const step = -Math.expm1(-rate);
  for (let k = 1, power = 1, sum = 0; k <= lags; k++, power *= 1 - step) {
    sum += gone[k - 1]!;
    gone[k] = gone[k - 1]! + step * power;
    first[k] = first[k - 1]! + sum;
  }
  const pairs = zeros();
  if (pooled) {
    for (const { rows, trials } of lengths)
      for (let k = 1; k <= lags; k++) pairs[k - 1]! += trials * Math.max(rows - k, 0);
  }
  for (const { rows, trials } of lengths) {
    const whole = twice(rows);
    for (let k = 1; k <= lags; k++) {
      const n = rows - k;
      if (n < 1) break;
      const of = pooled ? pairs[k - 1]! : n;
      const apart = whole - 2 * first[k]! + twice(Math.abs(n - k));
      const kept = n - (n * n) / of;
      sums.lagged[k - 1]! += trials * (kept + apart / of - n * gone[k]!);
      sums.own[k - 1]! += trials * (kept + (2 * twice(n)) / of);
      sums.whiteLagged[k - 1]! -= (trials * Math.max(n - k, 0)) / of;
      sums.whiteOwn[k - 1]! += trials * (n - n / of);
    }
  }
  return sums;
}
