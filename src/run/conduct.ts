import { BackendError, QueueError, WorkerError } from '../error.ts';
import { blamed, blamedError } from '../flow/blame.ts';
import { isBuiltIn } from '../flow/built-in.ts';
import type { Outcome } from '../flow/execute.ts';
import type { Executor } from '../flow/executor.ts';
import type { Kept } from '../flow/kept.ts';
import { later } from '../flow/later.ts';
import { laneDone, schedule } from '../flow/schedule.ts';
import type { Counts, EnsembleResult } from '../pipeline.ts';
import type { Dataset } from '../store/dataset.ts';
import type { Composed } from './compose.ts';
import { watchDisk } from './disk-room.ts';
import { estimatesOf } from './estimates.ts';
import { lanesOf } from './lanes.ts';
import { createMeter } from './meter.ts';
import type { RunOptions, Snapshot } from './options.ts';
import type { Pace } from './pace.ts';
import { rareAvalanches } from './rare-avalanches.ts';
import { ordinalIn, type Split } from './split.ts';
import { staffNotes } from './staff-notes.ts';
import { openStates, type Progress, resultsOf } from './states.ts';
import { throttled } from './throttled.ts';

/** What an ensemble came to. */
export type Done = {
  readonly counts: Counts;
  /** Whether nothing is left to simulate. */
  readonly last: boolean;
} & Kept;

/** How a run is conducted: who evaluates its partitions, where parts and checkpoints go, who is told, when it ends early. */
export interface ConductOptions extends Pick<RunOptions, 'signal' | 'maxTime' | 'onSnapshot' | 'logger'> {
  /** Opens what evaluates the partitions of a phase; it is disposed of when the phase ends. */
  readonly openExecutor: (
    phase: Composed,
    onRetry: (ensemble: number, index: number) => void,
    signal: AbortSignal,
  ) => Promise<Executor>;
  /** Which partitions there are. Default: all, of sizes that follow from the parameters. */
  readonly split?: Split;
  /** Takes parts in the order of merging, and checkpoints of the merged prefix. */
  readonly dataset?: Dataset | undefined;
  /** Told of each ensemble that is done, with its state, which is not changed any more. */
  readonly onDone?: (phase: Composed, ensemble: number, done: Done, executor: Executor) => void;
  /** Told that nothing is left to simulate; the executor goes on measuring until this resolves. */
  readonly onSimulated?: (phase: Composed, interrupted: boolean) => Promise<void>;
  /** Gives ensembles with what was measured of them, for the next phase. */
  readonly measured?: (ensembles: readonly EnsembleResult<unknown>[]) => Promise<readonly EnsembleResult<unknown>[]>;
  /** How fast the phases before went. */
  readonly pace?: Pace;
  /** Partitions that an ensemble may run ahead of its merged prefix. Default: a few more than the executor works on at once. */
  readonly ahead?: number;
}

/** What the ensembles of one phase came to. */
export interface Conducted {
  readonly ensembles: readonly EnsembleResult<unknown>[];
  readonly interrupted: boolean;
  readonly progress: readonly Progress[];
}

const checkpointEvery = 10_000; // ms
/** The first one is sooner, for whoever looks at the run from outside. */
const checkpointAfter = 2000; // ms
const snapshotEvery = 100; // ms
const tellEvery = 1000; // ms

/** `act` is the caller's code: thrown from a timer or a thread's message, its error would end the process. It is kept, and reported once. */
function guarded(act: () => void, onError: (error: unknown) => void) {
  let broken: { readonly error: unknown } | undefined;
  return {
    act() {
      if (broken !== undefined) return;
      try {
        act();
      } catch (error) {
        broken = { error };
        onError(error);
      }
    },
    get broken() {
      return broken;
    },
  };
}

/** Saves a checkpoint where the last one is ten seconds old. */
function checkpoints(dataset: Dataset | undefined, progress: () => Progress[]): () => Promise<void> {
  let last = performance.now() + checkpointAfter - checkpointEvery;
  return async () => {
    if (dataset === undefined || performance.now() - last < checkpointEvery) return;
    await dataset.saveCheckpoint(progress());
    last = performance.now();
  };
}

/** Checks a user's reducer once: merging with an empty state must change nothing, or tables come out wrong without an error. */
function lawOfTheEmpty({ composition, pipeline }: Composed): (state: unknown, index: number) => Promise<void> {
  let held = pipeline.module !== undefined && isBuiltIn(pipeline.module);
  return async (state, index) => {
    if (held) return;
    held = true;
    const { checkNeutral } = await import('../reduce/neutral.ts');
    blamed(pipeline, () => checkNeutral(composition.reducer, state, index));
  };
}

/** Commits the parts of a partition to the run; a shard also keeps its state. @returns why the run must stop, if the disk is nearly full */
function keeper(
  { dataset, split = {}, ahead, logger }: ConductOptions,
  executor: Executor,
  fraction: () => number,
): (outcome: Outcome) => Promise<Error | undefined> {
  if (dataset === undefined)
    return async ({ release }) => {
      release?.();
      return undefined;
    };
  const room = watchDisk(
    dataset.folder,
    () => ahead ?? 2 * executor.slots + 2,
    (text) => logger?.warn(text),
    { address: dataset.address },
  );
  return async ({ partition: { ensemble, index }, state, counts, parts, release }) => {
    const kept =
      split.shard === undefined ? undefined : await dataset.savePartition({ ensemble, index }, { counts, state });
    release?.();
    const all = kept === undefined ? parts : [...parts, kept];
    await dataset.commit({ ensemble, index, parts: all });
    if (all.length === 0) return undefined;
    return room.took(
      all.reduce((sum, { bytes }) => sum + bytes, 0),
      fraction(),
    );
  };
}

/**
 * Runs what was composed to its stop rules, or to the interrupt, and gives each ensemble's merged result. Commits parts to the dataset in
 * the order of merging and checkpoints the merged prefix.
 * @param from where a checkpoint or an earlier phase left off; may hold ensembles of later phases, which are left alone
 */
export async function conduct(
  composed: Composed,
  options: ConductOptions,
  from?: readonly Progress[],
): Promise<Conducted> {
  const { composition, pipeline } = composed;
  const { dataset, split = {}, signal, maxTime, onSnapshot, ahead, pace } = options;
  const lanes = lanesOf(composition, from, split);
  const states = blamed(pipeline, () => openStates(composition, from));
  for (const [l, lane] of lanes.entries()) if (laneDone(lane)) await states.done(l);
  const progress = (): Progress[] =>
    lanes.map((lane, l) => ({ merged: lane.merged, counts: { ...lane.counts }, ...states.kept(l) }));
  const meter = createMeter(composition, lanes, pace);
  const estimates = estimatesOf(composed, lanes, states);
  const checkpoint = checkpoints(dataset, progress);
  const done = async (l: number): Promise<void> => {
    const last = lanes.every(laneDone);
    // The last one is soon read, by all threads at once.
    if (!last) await states.done(l);
    else if (composition.ahead !== undefined && executor.measure !== undefined) states.share(l);
    options.onDone?.(composed, l, { counts: { ...lanes[l]!.counts }, last, ...states.kept(l) }, executor);
  };
  const warn = rareAvalanches(options.logger);
  const time = new AbortController();
  const inTime = maxTime === undefined ? undefined : later(maxTime, () => time.abort());
  const stop = new AbortController();
  const signals = [signal, time.signal, stop.signal].filter((one) => one !== undefined);
  const ended = AbortSignal.any(signals);
  const executor = await options.openExecutor(composed, (l, index) => meter.forget(l, index), ended);
  const snapshot = (): Snapshot => ({
    ...meter.snapshot(estimates()),
    ...(executor.staff === undefined ? {} : { staff: executor.staff() }),
  });
  const telling = guarded(
    () => onSnapshot?.(snapshot()),
    (error) => stop.abort(error),
  );
  const show = throttled(snapshotEvery, telling.act);
  const staff = staffNotes(dataset, executor);
  const tick = (): void => {
    staff.renew();
    show();
  };
  // Also where nothing is merged for long: networks that take a minute each, a queue without workers.
  const ticking = setInterval(tick, tellEvery);
  tick();
  const keep = keeper(options, executor, () => meter.fraction());
  const checkLaw = lawOfTheEmpty(composed);
  try {
    await schedule(lanes, executor, {
      onMerge: async (outcome) => {
        const { ensemble: l, index } = outcome.partition;
        meter.forget(l, index);
        await checkLaw(outcome.state, index);
        states.merge(l, outcome.state);
        warn(lanes[l]!, l);
        const full = await keep(outcome);
        if (full !== undefined) stop.abort(full);
        if (laneDone(lanes[l]!)) await done(l);
        await checkpoint();
        show();
      },
      onDiscard: ({ partition }) => meter.forget(partition.ensemble, partition.index),
      onCount: (partition, tally) => {
        meter.tally(partition.ensemble, partition.index, tally);
        show();
      },
      ...(ahead === undefined ? {} : { ahead }),
      signal: ended,
    });
    telling.act();
    const cut = !lanes.every(laneDone);
    // Before anything is waited for.
    if (cut || telling.broken !== undefined) await dataset?.saveCheckpoint(progress());
    if (telling.broken !== undefined) throw telling.broken.error;
    await options.onSimulated?.(composed, cut);
  } catch (error) {
    // Nothing is wrong with what was merged before a worker, a card or the queue was lost for good.
    if ([WorkerError, BackendError, QueueError].some((kind) => error instanceof kind))
      await dataset?.saveCheckpoint(progress());
    throw error === telling.broken?.error ? error : blamedError(pipeline, error);
  } finally {
    clearInterval(ticking);
    inTime?.();
    await executor[Symbol.asyncDispose]();
    await staff.written();
  }
  const interrupted = signals.some(({ aborted }) => aborted) && !lanes.every(laneDone);
  if (dataset !== undefined) {
    // Parts computed ahead of the cut, or left by threads that were stopped, are not part of the run.
    await dataset.retain(
      ({ ensemble, index }) => ordinalIn(index, split.shard) < ((lanes[ensemble] ?? from?.[ensemble])?.merged ?? 0),
    );
    if (interrupted) await dataset.saveCheckpoint(progress());
  }
  if (stop.signal.aborted && interrupted) throw stop.signal.reason;
  const left = progress();
  return {
    ensembles: resultsOf(composition, left, (make) => blamed(pipeline, make)),
    interrupted,
    progress: left,
  };
}
