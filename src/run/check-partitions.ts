import type { RecordBatch } from 'apache-arrow';
import type { Composition } from '../pipeline.ts';
import { checkReducer } from '../reduce/check-reducer.ts';
import { difference } from '../reduce/difference.ts';
import { rounding } from '../reduce/neutral.ts';
import type { Composed } from './compose.ts';
import { declaredBy } from './declared.ts';
import { byPerturbation, otherRows, rowsOf } from './same-rows.ts';
import { amountsOf } from './small-run.ts';
import type { Trial } from './trial.ts';
import { type Tried, triedPartition } from './tried-partition.ts';

const drawnFrom =
  'random numbers must come from createStream(seed, ensemble.index, …) keyed by the perturbation or its network, and nothing from a clock, Math.random or what was computed before';

/** Holds the partitions of an ensemble to what a run rests on: that what comes of a perturbation depends on nothing but its number. */
export async function checkPartitions(
  trial: Trial,
  composed: Composed,
  position: number,
  seed: number,
  wanted: number,
) {
  const { ensembles } = composed.composition;
  const { index, reuse } = ensembles[position]!;
  const { size, perturbations, given } = amountsOf(composed.composition, ensembles[position]!, wanted);
  const of = (first: number, count: number, at: number): Promise<Tried> =>
    triedPartition(composed, { ensemble: position, index: at, first, count }, seed);
  const all = (tried: readonly Tried[]) => rowsOf(tried.flatMap(({ folded, recorded }) => [...folded, ...recorded]));
  const half = given ? size : Math.ceil(perturbations / 2 / reuse) * reuse;
  const second = half < perturbations ? await of(half, perturbations - half, 1) : undefined;
  const first = await of(0, Math.min(half, perturbations), 0);
  const parts = second === undefined ? [first] : [first, second];
  await trial.hold(
    `ensemble ${index}: a partition that is computed twice comes out the same`,
    async () => otherRows(all([first]), all([await of(0, Math.min(half, perturbations), 0)])),
    (other) =>
      other &&
      `a partition of ensemble ${index} comes out otherwise when it is computed again (${other}): ${drawnFrom}`,
  );
  if (given || second === undefined) {
    trial.note('partitions have a size of their own (partitionSize), or there is only one: other sizes were not tried');
  } else if (trial.faults.length === 0) {
    await trial.hold(
      `ensemble ${index}: perturbations come out the same in partitions of ${half} and ${perturbations}`,
      async () => otherRows(byPerturbation(all(parts)), byPerturbation(all([await of(0, perturbations, 0)]))),
      (other) =>
        other && `perturbations of ensemble ${index} come out otherwise in larger partitions (${other}): ${drawnFrom}`,
    );
  }
  return parts;
}

const folded = (reducer: Composition['reducer'], batches: readonly RecordBatch[]): unknown =>
  reducer.finish(batches.reduce((state, batch) => reducer.step(state, batch), reducer.init(0)));

/** A batch cut between its rows; one that says of no row which perturbation it is of may be one thing. */
const rowByRow = (batch: RecordBatch): RecordBatch[] =>
  batch.schema.names.includes('perturbation')
    ? Array.from({ length: batch.numRows }, (_, i) => batch.slice(i, i + 1))
    : [batch];

const empty = (batches: readonly RecordBatch[]): boolean => batches.every(({ numRows }) => numRows === 0);

/** Holds the reducer to its laws on batches that it was given of one ensemble. */
export async function checkStatistics(trial: Trial, { composition }: Composed, parts: readonly Tried[]) {
  const batches = parts.flatMap(({ folded }) => folded);
  const { reducer } = composition;
  if (empty(batches)) return;
  await trial.hold(`reducer '${reducer.name}' obeys the laws of merging`, () => {
    checkReducer(reducer, batches, { wholeBatches: true });
    const other = difference(folded(reducer, batches.flatMap(rowByRow)), folded(reducer, batches), rounding);
    if (other === undefined) return;
    trial.note(
      `reducer '${reducer.name}' comes to another result where rows come one by one: ${other}; so it depends on where the stage before cuts its batches`,
    );
  });
}

/** Notes what of strengths, reducer and tables should be known. */
export function tallied(trial: Trial, composed: Composed, parts: readonly Tried[]): void {
  const { records } = declaredBy(composed.pipeline);
  const counts = { perturbations: 0, nonFinite: 0, traces: 0 };
  for (const { counts: one } of parts) {
    counts.perturbations += one.perturbations;
    counts.nonFinite += one.nonFinite;
    counts.traces += one.valid + one.dead + one.censored + one.nonFinite;
  }
  if (counts.nonFinite > 0)
    trial.note(
      `${counts.nonFinite} strengths of ${counts.perturbations} perturbations are NaN or infinite, and end their avalanches`,
    );
  else if (counts.traces > 0 && counts.traces < counts.perturbations)
    trial.note(
      `of ${counts.perturbations} perturbations only ${counts.traces} came to avalanches, dead ones included: an engine must yield its last window, rows.take(), too, and a row for each perturbation at least`,
    );
  if (empty(parts.flatMap(({ folded }) => folded)))
    trial.note(
      'no row came to the reducer, so nothing is known of it: try more perturbations, and see whether a stage drops all of them, or an engine its last window (it must yield rows.take())',
    );
  const came = new Set(parts.flatMap(({ recorded }) => [...rowsOf(recorded).keys()]));
  const { empty: left = [] } = composed.composition;
  for (const table of records.filter((name) => !came.has(name) && !left.includes(name)))
    trial.note(`no row of table ${table}, which is declared, came by a stage record('${table}')`);
}
