import type { Reducer } from '../reduce/reducer.ts';
import { type EpochRow, epochRows } from './learning-batch.ts';
import type { HiddenAvalanches } from './signal-columns.ts';

/** What was seen of a cell: every epoch of every run, a few numbers each. */
export interface LearningState {
  rows: EpochRow[];
}

/** An epoch over the runs that trained in it. */
export interface EpochSummary {
  readonly epoch: number;
  readonly runs: number;
  readonly accuracy: number;
  /** Standard error over runs; NaN for fewer than two. */
  readonly accuracyError: number;
  readonly loss: number;
}

/** How a run ended. */
export interface RunSummary {
  readonly run: number;
  readonly epochs: number;
  readonly accuracy: number;
  readonly loss: number;
}

/** Avalanches after an epoch, runs added up. */
export interface LookSummary extends HiddenAvalanches {
  readonly epoch: number;
  readonly runs: number;
}

/** What training came to, by epoch, run and look at the signals. */
export interface LearningResult {
  readonly epochs: readonly EpochSummary[];
  readonly runs: readonly RunSummary[];
  readonly looks: readonly LookSummary[];
}

/** Mean and standard error of the mean. */
export function meanOf(values: readonly number[]): { mean: number; error: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN };
}

function added(rows: readonly EpochRow[], epoch: number): LookSummary[] {
  const looks = rows.flatMap(({ signals }) => (signals === undefined ? [] : [signals]));
  const first = looks[0];
  if (first === undefined) return [];
  const sum = (of: (look: HiddenAvalanches) => number): number => looks.reduce((total, look) => total + of(look), 0);
  return [
    {
      epoch,
      runs: looks.length,
      perturbations: sum((look) => look.perturbations),
      valid: sum((look) => look.valid),
      dead: sum((look) => look.dead),
      censored: sum((look) => look.censored),
      sumSize: sum((look) => look.sumSize),
      sumDuration: sum((look) => look.sumDuration),
      durations: first.durations.map((_, d) => sum((look) => look.durations[d]!)),
      strengths: first.strengths.map((_, l) => sum((look) => look.strengths[l]!) / looks.length),
    },
  ];
}

function epochsOf(rows: readonly EpochRow[]): Map<number, EpochRow[]> {
  const out = new Map<number, EpochRow[]>();
  for (const row of rows) {
    const group = out.get(row.epoch);
    if (group === undefined) out.set(row.epoch, [row]);
    else group.push(row);
  }
  return out;
}

/**
 * Folds `learning` batches (stage `train`) into accuracies by epoch (shares of images, 0 to 1), how each run ended, and avalanches of the epochs in which
 * signals were looked at.
 */
export function learning(): Reducer<LearningState, LearningResult> {
  return {
    name: 'learning',
    init: () => ({ rows: [] }),
    step(state, batch) {
      state.rows.push(...epochRows(batch));
      return state;
    },
    merge(into, other) {
      into.rows.push(...other.rows);
      return into;
    },
    finish({ rows }) {
      // Sorted, so that sums don't depend on the order of arrival.
      const sorted = [...rows].sort((a, b) => a.epoch - b.epoch || a.run - b.run);
      const byEpoch = epochsOf(sorted);
      const last = new Map(sorted.filter(({ epoch }) => epoch > 0).map((row) => [row.run, row]));
      return {
        epochs: [...byEpoch].flatMap(([epoch, group]) => {
          if (epoch === 0) return [];
          const { mean: accuracy, error: accuracyError } = meanOf(group.map((row) => row.accuracy));
          const { mean: loss } = meanOf(group.map((row) => row.loss));
          return [{ epoch, runs: group.length, accuracy, accuracyError, loss }];
        }),
        runs: [...last.values()]
          .sort((a, b) => a.run - b.run)
          .map(({ run, epoch, accuracy, loss }) => ({ run, epochs: epoch, accuracy, loss })),
        looks: [...byEpoch].flatMap(([epoch, group]) => added(group, epoch)),
      };
    },
  };
}
