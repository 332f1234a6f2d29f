import type { AvalancheColumns } from '../avalanche/avalanche-rows.ts';
import { createDetector, type SignalColumns } from '../avalanche/detector.ts';
import { ParameterError } from '../error.ts';
import type { SizeKind } from '../schema/size.ts';
import { PairCollector, type Recent } from './multistep/pair-sums.ts';
import { magnitudeOf } from './unit.ts';

/** How a recorded trace is cut into avalanches. */
export interface RecordingOptions {
  /** A row is part of an avalanche where its signal is at or above this. */
  readonly threshold: number;
  /** Rows exactly at the threshold are outside; default false. */
  readonly above?: boolean;
  /** What profiles and the activity of {@link BranchingEstimates} are of; default the excess, signal − threshold. */
  readonly size?: SizeKind;
  /** Points of the profile's grid, 0 for none; default 50. */
  readonly profilePoints?: number;
  /** Rows apart that pairs are followed to; default 100. */
  readonly lags?: number;
}

/** What a recording came to. */
export interface RecordingTally {
  /** Rows with a finite signal, and of these rows inside avalanches. */
  rows: number;
  rowsInside: number;
  /** Rows without a finite signal: gaps. */
  missing: number;
  /** Trials; gaps don't part one. */
  trials: number;
  valid: number;
  /** Avalanches that touch a gap, the first or the last row of a trial: their whole extent isn't known. */
  censored: number;
}

/** A follower of recorded traces. */
export interface Recording {
  readonly tally: Readonly<RecordingTally>;
  /** Follows more rows, and returns the avalanches that ended. `trial` names the trace of each row; trials may interleave. */
  step(signal: Float64Array, trial?: ArrayLike<unknown>): AvalancheColumns;
  /** Ends all traces: what is under way comes out censored. */
  finish(): AvalancheColumns;
  /**
   * Σ A(t+1) / Σ A(t) over the rows of avalanches, the row after an avalanche counting 0; 1 − (start of avalanches)/(all of their activity).
   */
  branchingWithin(): number;
  /** Pairs of rows up to `lags` apart, for {@link estimateMultistep}; of the whole trace, inside avalanches and out. */
  readonly pairs: PairCollector;
}

interface Trial {
  id: number;
  layer: number;
  /** A gap has come after rows, and no row since. */
  broken: boolean;
  recent: Recent;
  /** Activity of the last row where it was inside an avalanche, else −1. */
  inside: number;
}

/**
 * Finds avalanches in recorded traces, row by row, in memory that doesn't depend on their length: every maximal run of rows above the
 * threshold (excursion rule). Runs that touch a gap or an end of their trace are censored.
 * @throws ParameterError for options out of range
 */
export function followRecording(options: RecordingOptions): Recording {
  const { threshold, above = false, size = 'excess', profilePoints: grid = 50, lags = 100 } = options;
  if (!Number.isFinite(threshold)) throw new ParameterError(`threshold must be a finite number, got ${threshold}`);
  const offset = size === 'excess' ? threshold : 0;
  const detector = createDetector({
    threshold,
    rule: 'excursions',
    precision: 'double',
    profile: { points: grid, of: size },
  });
  const tally: RecordingTally = { rows: 0, rowsInside: 0, missing: 0, trials: 0, valid: 0, censored: 0 };
  const pairs = new PairCollector(lags);
  const trials = new Map<unknown, Trial>();
  let nextId = 0;
  let last: Trial | undefined;
  let parents = 0;
  let children = 0;

  function trialOf(name: unknown): Trial {
    let trial = trials.get(name);
    if (trial === undefined) {
      trial = { id: nextId++, layer: 0, broken: false, recent: pairs.open(), inside: -1 };
      trials.set(name, trial);
      tally.trials++;
    }
    return trial;
  }

  /** What comes after begins a trace anew. */
  function breakOff(trial: Trial): void {
    trial.broken ||= trial.layer > 0;
    trial.layer = 0;
    trial.recent.seen = 0;
    trial.inside = -1;
  }

  function step(signal: Float64Array, names?: ArrayLike<unknown>): AvalancheColumns {
    const n = signal.length;
    if (tally.rows + tally.missing === 0) pairs.unit = magnitudeOf(signal);
    const words = new Int32Array(2 * n);
    const layer = new Int32Array(n);
    const strength = new Float64Array(n);
    let length = 0;
    let trial = names === undefined ? trialOf(undefined) : undefined;
    let name: unknown;
    for (let i = 0; i < n; i++) {
      if (names !== undefined && (trial === undefined || names[i] !== name)) {
        name = names[i];
        trial = trialOf(name);
      }
      const one = trial!;
      const value = signal[i]!;
      if (value - value !== 0) {
        tally.missing++;
        breakOff(one);
        continue;
      }
      tally.rows++;
      pairs.add(one.recent, value);
      const inside = above ? value > threshold : value >= threshold;
      const activity = inside ? value - offset : 0;
      if (one.inside >= 0) {
        parents += one.inside;
        children += activity;
      }
      one.inside = inside ? activity : -1;
      if (inside) tally.rowsInside++;
      if (one.broken) {
        // Only the trace of the detector's last row may begin anew under its id.
        if (one !== last) one.id = nextId++;
        one.broken = false;
      }
      words[2 * length] = one.id;
      layer[length] = ++one.layer;
      // With `above` the threshold itself is outside, which the detector is told by a value that is below any.
      strength[length++] = inside || value < threshold ? value : -Number.MAX_VALUE;
      last = one;
    }
    const rows: SignalColumns = { length, perturbation: new BigInt64Array(words.buffer), layer, strength };
    return settled(detector.step(rows));
  }

  /** Marks the runs that were under way when their trace began. */
  function settled(found: AvalancheColumns): AvalancheColumns {
    for (let i = 0; i < found.length; i++) {
      if (found.start[i] === 1) found.censored[i] = 1;
      if (found.censored[i] === 0) tally.valid++;
      else tally.censored++;
    }
    return found;
  }

  return {
    tally,
    step,
    finish: () => settled(detector.finish()),
    branchingWithin: () => (parents > 0 ? children / parents : Number.NaN),
    pairs,
  };
}
