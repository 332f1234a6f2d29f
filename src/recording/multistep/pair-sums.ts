/** Sums over the pairs (A(t), A(t+k)) of rows k apart, k = 1 … K; sums add. */
export interface PairSums {
  readonly n: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xx: Float64Array;
  readonly xy: Float64Array;
}

const names = ['n', 'x', 'y', 'xx', 'xy'] as const;

export function emptySums(lags: number): PairSums {
  const zeros = (): Float64Array => new Float64Array(lags);
  return { n: zeros(), x: zeros(), y: zeros(), xx: zeros(), xy: zeros() };
}

export function addSums(into: PairSums, other: PairSums): PairSums {
  for (const name of names) {
    const [to, from] = [into[name], other[name]];
    for (let k = 0; k < to.length; k++) to[k]! += from[k]!;
  }
  return into;
}

/** One trial: its pairs, in stretches of equal length one after the other, or all together. */
export interface TrialSums {
  readonly stretches: PairSums[];
  /** Rows with a value. */
  rows: number;
}

/** The last values of a trial. */
export interface Recent {
  readonly values: Float64Array;
  seen: number;
  readonly trial: TrialSums;
  /** Rows of the stretch under way. */
  filled: number;
  /** Rows a stretch takes. */
  room: number;
}

const shortest = 256;
const most = 64;
/** Trials up to which each is kept in stretches: more trials are themselves what can be drawn again. */
export const fewTrials = 8;

/**
 * Collects the sums of traces of any length in memory that doesn't depend on it: at most 64 stretches a trial while there are few trials, one for each
 * trial beyond.
 */
export class PairCollector {
  readonly lags: number;
  readonly trials: TrialSums[] = [];
  /** Taken off every value, so that sums don't cancel; slopes don't feel it. */
  #origin = Number.NaN;
  /** What values are divided by, so that their squares stay in range; slopes don't feel it. Set before the first value. */
  unit = 1;
  readonly #recent: Recent[] = [];

  constructor(lags: number) {
    this.lags = lags;
  }

  /** A trial that begins. */
  open(): Recent {
    const trial: TrialSums = { stretches: [emptySums(this.lags)], rows: 0 };
    const whole = this.trials.length >= fewTrials;
    const recent = {
      values: new Float64Array(this.lags),
      seen: 0,
      trial,
      filled: 0,
      room: whole ? Infinity : shortest,
    };
    this.trials.push(trial);
    if (this.trials.length === fewTrials + 1) this.#join();
    if (!whole) this.#recent.push(recent);
    return recent;
  }

  /** Each trial as one stretch. */
  #join(): void {
    for (const recent of this.#recent) {
      const [first, ...more] = recent.trial.stretches;
      for (const sums of more) addSums(first!, sums);
      recent.trial.stretches.length = 1;
      recent.room = Infinity;
    }
    this.#recent.length = 0;
  }

  /** The next value of a trial; a pair counts where its second value is. */
  add(recent: Recent, value: number): void {
    const { lags } = this;
    const { values, seen, trial } = recent;
    if (Number.isNaN(this.#origin)) this.#origin = value;
    if (recent.filled >= recent.room) this.#next(recent);
    const { n, x: sumX, y: sumY, xx, xy } = trial.stretches.at(-1)!;
    const y = (value - this.#origin) / this.unit;
    const known = Math.min(seen, lags);
    let at = seen % lags;
    for (let k = 0; k < known; k++) {
      at = at === 0 ? lags - 1 : at - 1;
      const x = values[at]!;
      n[k]!++;
      sumX[k]! += x;
      sumY[k]! += y;
      xx[k]! += x * x;
      xy[k]! += x * y;
    }
    values[seen % lags] = y;
    recent.seen = seen + 1;
    recent.filled++;
    trial.rows++;
  }

  #next(recent: Recent): void {
    const { stretches } = recent.trial;
    if (stretches.length === most) {
      for (let i = 0; i < most; i += 2) stretches[i / 2] = addSums(stretches[i]!, stretches[i + 1]!);
      stretches.length = most / 2;
      recent.room *= 2;
    }
    stretches.push(emptySums(this.lags));
    recent.filled = 0;
  }
}
