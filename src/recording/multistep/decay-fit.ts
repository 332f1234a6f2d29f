import { minimize } from '../../numeric/minimize.ts';
import { type ExpectedSums, expectedSums, type Length, lengthsOf, type MeansTaken } from './expected.ts';

/** A law that r_k is fitted with, k = 1 … K. */
export type Decay = 'exponential' | 'exponential-offset';

/** The decay of multistep coefficients. */
export interface DecayFit {
  readonly decay: Decay;
  /** Branching ratio m of r_k = b·m^k (+ c). */
  readonly ratio: number;
  /** b; below 1 under subsampling or with noise. */
  readonly amplitude: number;
  /** c, 0 where the law has none. */
  readonly offset: number;
  /** Lags fitted, 1 … lags. */
  readonly lags: number;
  readonly residual: number;
}

/** Autocorrelation time −1/ln m, in steps. */
export const timeOf = (ratio: number): number => -1 / Math.log(ratio);

/** m of an autocorrelation time in steps. */
export const ratioOf = (time: number): number => Math.exp(-1 / time);

/** The largest share of the signal in the variance about the means; above 1 where activity is smoother than the law. */
const mostShare = 1.5;

/** Times that every search begins with. */
const points = 48;
/** Of these, how many on either side of a time that other lags gave. */
const near = 8;

/**
 * What r_k are on average where the time is known: without means taken off b·m^k, with them a ratio of the sums that are left of signal and noise.
 */
class ExpectedDecay {
  readonly #lags: number;
  readonly #lengths: readonly Length[];
  readonly #pooled: boolean;
  readonly #low = Math.log(0.15);
  readonly #high: number;
  readonly #known: ExpectedSums[] = [];
  readonly #step: number;

  constructor(lags: number, taken: MeansTaken | undefined) {
    this.#lags = lags;
    this.#lengths = taken === undefined ? [] : lengthsOf(taken.rows);
    this.#pooled = taken?.pooled ?? false;
    this.#high = Math.log(longestTime(lags, taken));
    this.#step = (this.#high - this.#low) / (points - 1);
  }

  /** @param logTime ln of the autocorrelation time */
  at(logTime: number, lags = this.#lags): ExpectedSums {
    const rate = Math.exp(-logTime);
    if (this.#lengths.length > 0) return expectedSums(this.#lengths, { pooled: this.#pooled, lags, rate });
    const one = new Float64Array(lags).fill(1);
    const lagged = one.map((_, k) => Math.exp(-(k + 1) * rate));
    return { lagged, own: one, whiteLagged: new Float64Array(lags), whiteOwn: one };
  }

  /** Least squares over the first lags; with a fit to other lags, near its time. */
  fit(r: Float64Array, lags: number, decay: Decay, before?: DecayFit): DecayFit {
    const withOffset = decay === 'exponential-offset';
    let best = 0;
    let least = Infinity;
    let start = 0.5;
    let nearest = start;
    const about = before && Math.round((Math.log(timeOf(before.ratio)) - this.#low) / this.#step);
    for (let i = Math.max(0, (about ?? 0) - near); i <= Math.min(points - 1, (about ?? points) + near); i++) {
      this.#known[i] ??= this.at(this.#low + i * this.#step);
      const { residual, share } = atTime(r.subarray(0, lags), this.#known[i]!, withOffset, start, 2);
      start = share;
      if (residual < least) [best, least, nearest] = [i, residual, share];
    }
    const from = this.#low + Math.max(best - 1, 0) * this.#step;
    const to = this.#low + Math.min(best + 1, points - 1) * this.#step;
    const tried = (logTime: number) => atTime(r.subarray(0, lags), this.at(logTime, lags), withOffset, nearest);
    const { x } = minimize((logTime) => tried(logTime).residual, from, to, 1e-6);
    const { b, c, residual } = tried(x);
    return { decay, ratio: Math.exp(-Math.exp(-x)), amplitude: b, offset: c, lags, residual };
  }
}

/** r_k on average, k = 1 … K, of the law of a fit, with the amplitude given. */
export function expectedCoefficients(
  { ratio, offset, lags }: Pick<DecayFit, 'ratio' | 'offset' | 'lags'>,
  amplitude: number,
  taken: MeansTaken | undefined,
): Float64Array {
  const { lagged, own, whiteLagged, whiteOwn } = new ExpectedDecay(lags, taken).at(Math.log(timeOf(ratio)));
  const noise = 1 - amplitude;
  return lagged.map(
    (sum, k) => (amplitude * sum + noise * whiteLagged[k]!) / (amplitude * own[k]! + noise * whiteOwn[k]!) + offset,
  );
}

interface Linear {
  readonly b: number;
  readonly c: number;
  readonly share: number;
  readonly residual: number;
}

/**
 * b ≥ 0 and c of least squares at a given time, by Gauss–Newton in the share that the signal has in the variance about the means, in which r_k is all but
 * linear.
 */
function atTime(r: Float64Array, sums: ExpectedSums, withOffset: boolean, start: number, rounds = 8): Linear {
  const { lagged, own, whiteLagged, whiteOwn } = sums;
  const n = r.length;
  const [unit, white] = [1 / own[0]!, 1 / whiteOwn[0]!];
  // Beyond, the variance of the longest lag would be negative.
  const less = whiteOwn[n - 1]! * white - own[n - 1]! * unit;
  const most = less > 0 ? Math.min(mostShare, (0.9 * whiteOwn[n - 1]! * white) / less) : mostShare;
  let [share, c, residual] = [Math.min(start, most), 0, 0];
  for (let round = 0, last = false; ; round++) {
    const [signal, noise] = [share * unit, (1 - share) * white];
    let [sf, sff, sy, syf] = [0, 0, 0, 0];
    residual = 0;
    for (let k = 0; k < n; k++) {
      const below = 1 / (signal * own[k]! + noise * whiteOwn[k]!);
      const f = (signal * lagged[k]! + noise * whiteLagged[k]!) * below;
      const slope = (unit * (lagged[k]! - f * own[k]!) - white * (whiteLagged[k]! - f * whiteOwn[k]!)) * below;
      const y = r[k]! - f + slope * share;
      sf += slope;
      sff += slope * slope;
      sy += y;
      syf += y * slope;
      residual += (r[k]! - f - c) ** 2;
    }
    if (last || round === rounds) break;
    const determinant = n * sff - sf * sf;
    const best = withOffset ? (determinant > 1e-12 * n * sff ? (n * syf - sf * sy) / determinant : 0) : syf / sff;
    const next = Math.min(Math.max(best, 0), most);
    const offset = withOffset ? (sy - next * sf) / n : 0;
    last = Math.abs(next - share) + Math.abs(offset - c) < 1e-8;
    [share, c] = [next, offset];
  }
  return { b: share / (share + ((1 - share) * white) / unit), c, share, residual };
}

/** The longest autocorrelation time that is looked for: at thirty times the rows of a trial its activity can't be told from a random walk. */
export const longestTime = (lags: number, taken: MeansTaken | undefined): number =>
  30 * (taken?.rows.reduce((most, n) => Math.max(most, n), lags) ?? lags);

/** Lags that a fit takes at least. */
const fewest = 10;

/**
 * Fits r_k by least squares, over five autocorrelation times (found from the fit itself) and at least ten lags: further lags only add noise. The means that
 * were taken off are allowed for.
 * @param reach autocorrelation times fitted over; Infinity for every lag
 * @param r r_1 … r_K, all finite
 */
export function fitDecay(r: Float64Array, decay: Decay, taken?: MeansTaken, reach = 5): DecayFit {
  return decayFitter(r.length, taken)(r, decay, reach);
}

/** {@link fitDecay} for coefficients of the same trials again and again. */
export function decayFitter(lags: number, taken?: MeansTaken) {
  const expected = new ExpectedDecay(lags, taken);
  return (r: Float64Array, decay: Decay, reach = 5): DecayFit => {
    let fit = expected.fit(r, r.length, decay);
    for (let round = 0; round < 4; round++) {
      const reached = Math.min(r.length, Math.max(fewest, Math.ceil(reach * timeOf(fit.ratio))));
      if (reached === fit.lags) break;
      fit = expected.fit(r, reached, decay, fit);
    }
    return fit;
  };
}
