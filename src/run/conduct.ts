import { availableParallelism } from 'node:os';
import { zeroCounts } from '../flow/counts.ts';
import { type Executor, localExecutor } from '../flow/executor.ts';
import { blamed, blamedError } from '../flow/load.ts';
import { partSinks } from '../flow/part-sinks.ts';
import { workerPool } from '../flow/pool.ts';
import { laneDone, schedule } from '../flow/schedule.ts';
import type { Counts, EnsembleResult } from '../pipeline.ts';
import { createMeter } from '../snapshot.ts';
import type { Dataset } from '../store/dataset.ts';
import type { Composed } from './compose.ts';
import { declaredBy } from './declared.ts';
import { lanesOf } from './lanes.ts';
import type { RunOptions } from './options.ts';

/** What a checkpoint holds of one ensemble: its merged prefix. */
export interface Progress {
  readonly merged: number;
  readonly counts: Counts;
  readonly state: unknown;
}

const checkpointEvery = 10_000; // ms
const snapshotEvery = 100; // ms
const estimateEvery = 1000; // ms
/** Share of valid avalanches below which a run that waits for them warns: far from criticality it may never end. */
const rareShare = 0.02;

async function makeExecutor(composed: Composed, dataset: Dataset | undefined, options: RunOptions): Promise<Executor> {
  const { pipeline, values, composition } = composed;
  const seed = options.seed ?? 1;
  const record = options.record ?? [];
  if (pipeline.module !== undefined) {
    const { records } = declaredBy(pipeline);
    const start = { module: pipeline.module, values, seed, folder: dataset?.folder, record, records };
    return workerPool(start, options.workers ?? availableParallelism());
  }
  return localExecutor(composition, {
    seed,
    records: declaredBy(pipeline).records,
    openSink: partSinks(dataset?.folder, record),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

/** What the ensembles of one phase came to. */
export interface Conducted {
  readonly ensembles: readonly EnsembleResult<unknown>[];
  readonly interrupted: boolean;
  readonly progress: readonly Progress[];
}

/**
 * Runs what was composed to its stop rules, or to the interrupt, and gives each ensemble's merged result. Commits parts to the dataset in
 * the order of merging and checkpoints the merged prefix.
 * @param from where a checkpoint or an earlier phase left off; may hold ensembles of later phases, which are left alone
 */
export async function conduct(
  composed: Composed,
  dataset: Dataset | undefined,
  options: RunOptions,
  from?: readonly Progress[],
): Promise<Conducted> {
  const { composition, pipeline } = composed;
  const { reducer } = composition;
  const lanes = lanesOf(composition, from);
  const states = lanes.map((_, l) => from?.[l]?.state ?? reducer.init());
  const meter = createMeter(composition, lanes);
  const progress = (): Progress[] =>
    lanes.map((lane, l) => ({ merged: lane.merged, counts: { ...lane.counts }, state: states[l] }));

  const time = options.maxTime === undefined ? undefined : AbortSignal.timeout(Math.ceil(options.maxTime * 1000));
  const signals = [options.signal, time].filter((signal) => signal !== undefined);
  let checkpointed = performance.now();
  let shown = 0;
  let estimated = 0;
  let estimates: Record<string, number> = {};

  let warned = false;
  const warnOfRareAvalanches = ({ stop, counts }: (typeof lanes)[number], l: number): void => {
    const { perturbations, valid, censored } = counts;
    if (warned || stop.valid === undefined || perturbations < 5000 || valid > rareShare * perturbations) return;
    warned = true;
    options.logger?.warn(
      `ensemble ${l}: ${valid} of ${perturbations} perturbations gave a valid avalanche, ${censored} outlasted the network: ${stop.valid} of them may take very long`,
    );
  };

  const show = (): void => {
    const now = performance.now();
    if (options.onSnapshot === undefined || now - shown < snapshotEvery) return;
    shown = now;
    if (composition.estimate !== undefined && now - estimated > estimateEvery) {
      const open = lanes.findIndex((lane) => !laneDone(lane));
      const l = open < 0 ? lanes.length - 1 : open;
      const result = (reducer.preview ?? reducer.finish)(states[l]);
      estimates = lanes[l]!.merged === 0 ? {} : composition.estimate(result, composition.ensembles[l]!);
      estimated = performance.now();
    }
    options.onSnapshot(meter.snapshot(estimates));
  };

  const executor = await makeExecutor(composed, dataset, options);
  try {
    await schedule(lanes, executor, {
      onMerge: async ({ partition, state, parts }) => {
        const l = partition.ensemble;
        meter.forget(l, partition.index);
        states[l] = reducer.merge(states[l], state);
        warnOfRareAvalanches(lanes[l]!, l);
        await dataset?.commit({ ensemble: l, index: partition.index, parts });
        if (dataset !== undefined && performance.now() - checkpointed > checkpointEvery) {
          await dataset.saveCheckpoint(progress());
          checkpointed = performance.now();
        }
        show();
      },
      onDiscard: ({ partition }) => meter.forget(partition.ensemble, partition.index),
      onCount: (partition, tally) => {
        meter.tally(partition.ensemble, partition.index, tally);
        show();
      },
      ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
    });
  } catch (error) {
    throw blamedError(pipeline, error);
  } finally {
    await executor[Symbol.asyncDispose]();
  }
  const interrupted = options.signal?.aborted === true && !lanes.every(laneDone);
  if (dataset !== undefined) {
    // Parts computed ahead of the cut, or left by threads that were stopped, are not part of the run.
    await dataset.retain(({ ensemble, index }) => index < ((lanes[ensemble] ?? from?.[ensemble])?.merged ?? 0));
    if (interrupted) await dataset.saveCheckpoint(progress());
  }
  options.onSnapshot?.(meter.snapshot(estimates));
  const ensembles = composition.ensembles.map((ensemble, l) => ({
    ensemble,
    counts: lanes[l]?.counts ?? zeroCounts(),
    result: blamed(pipeline, () => reducer.finish(states[l])),
  }));
  return { ensembles, interrupted, progress: progress() };
}
