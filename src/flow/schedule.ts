import type { Counts, StopRule } from '../pipeline.ts';
import { addCounts, zeroCounts } from './counts.ts';
import type { Outcome } from './execute.ts';
import type { Executor } from './executor.ts';
import type { Partition, PartitionList } from './partition.ts';

/** One ensemble's partitions and what of them has been merged. */
export interface Lane {
  readonly partitions: PartitionList;
  readonly stop: StopRule;
  /** Partitions merged so far: always a prefix. */
  merged: number;
  readonly counts: Counts;
}

export interface ScheduleOptions {
  /** Takes outcomes in partition order within each lane. */
  readonly onMerge: (outcome: Outcome) => void | Promise<void>;
  /** Takes outcomes past a lane's cut: computed ahead, not part of the run. */
  readonly onDiscard: (outcome: Outcome) => void | Promise<void>;
  /** Tallies of partitions still running. */
  readonly onCount?: (partition: Partition, tally: Partial<Counts>) => void;
  /** Ends the schedule at the merged prefix, without an error. */
  readonly signal?: AbortSignal;
  /** Partitions a lane may run ahead of its merged prefix. */
  readonly ahead?: number;
}

/** A lane at the start, or as a checkpoint left it. */
export function createLane(partitions: PartitionList, stop: StopRule, merged = 0, counts: Counts = zeroCounts()): Lane {
  return { partitions, stop, merged, counts };
}

/** True once a lane's merged prefix satisfies its stop rule or has used up its partitions. */
export function laneDone(lane: Lane): boolean {
  return lane.merged >= lane.partitions.length || lane.counts.valid >= (lane.stop.valid ?? Infinity);
}

interface Flight {
  issued: number;
  /** By their places in the lane's list. */
  readonly waiting: Map<number, Outcome>;
}

/**
 * Runs lanes to their stop rules. Partitions are evaluated ahead and in any order, but merged in order, and the stop rule looks only at the
 * merged prefix: what comes out is the same for any number of slots and any timing. At most `ahead` outcomes a lane are alive.
 */
export async function schedule(lanes: readonly Lane[], executor: Executor, options: ScheduleOptions): Promise<void> {
  const ahead = (): number => options.ahead ?? 2 * executor.slots + 2;
  const flights: Flight[] = lanes.map((lane) => ({ issued: lane.merged, waiting: new Map() }));
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  const halted = (): boolean => failure !== undefined || options.signal?.aborted === true || lanes.every(laneDone);

  /** A partition is worth starting where the lane will probably still need it; earlier lanes first. */
  const choose = (): number => {
    for (const [l, lane] of lanes.entries()) {
      const flight = flights[l]!;
      if (laneDone(lane) || flight.issued >= lane.partitions.length || flight.issued - lane.merged >= ahead()) continue;
      const each = lane.merged > 0 ? lane.counts.valid / lane.merged : 0;
      const expected = lane.counts.valid + each * (flight.issued - lane.merged);
      if (expected < (lane.stop.valid ?? Infinity)) return l;
    }
    return -1;
  };

  /** Drops the outcomes past a cut as soon as the cut is known. */
  const discard = async (waiting: Map<number, Outcome>): Promise<void> => {
    const past = [...waiting.values()];
    waiting.clear();
    for (const outcome of past) await options.onDiscard(outcome);
  };

  const settle = async (l: number): Promise<void> => {
    const lane = lanes[l]!;
    const { waiting } = flights[l]!;
    while (!laneDone(lane) && !halted()) {
      const outcome = waiting.get(lane.merged);
      if (outcome === undefined) break;
      waiting.delete(lane.merged);
      lane.merged++;
      addCounts(lane.counts, outcome.counts);
      await options.onMerge(outcome);
    }
    if (laneDone(lane)) await discard(waiting);
  };

  /** A new promise for each wait: one that is never settled would keep every promise raced against it. */
  let wake = (): void => {};
  // Merging is a chain of its own: two outcomes that arrive together must not merge at once.
  let merging: Promise<void> = Promise.resolve();
  const start = (l: number): void => {
    const flight = flights[l]!;
    const ordinal = flight.issued++;
    const partition = lanes[l]!.partitions.at(ordinal);
    const onCount = options.onCount;
    const task = executor
      .execute(partition, onCount ? (tally) => onCount(partition, tally) : undefined)
      .then(
        async (outcome) => {
          flight.waiting.set(ordinal, outcome);
          merging = merging.then(() => settle(l));
          await merging;
        },
        (error: unknown) => {
          // Stopping the executor rejects what it was at; that is no failure of the run.
          if (!halted()) failure = { error };
        },
      )
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        running.delete(task);
        wake();
      });
    running.add(task);
  };

  const onAbort = (): void => wake();
  options.signal?.addEventListener('abort', onAbort);
  const watch = async (): Promise<void> => {
    while (executor.grown !== undefined && !halted()) {
      await executor.grown();
      wake();
    }
  };
  void watch();
  while (!halted()) {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    for (let l = choose(); l >= 0 && running.size < executor.slots; l = choose()) start(l);
    if (running.size === 0) break;
    await woken;
  }
  options.signal?.removeEventListener('abort', onAbort);
  // What is still at work lies past a cut: nobody waits for it.
  if (executor.rest === undefined) await executor[Symbol.asyncDispose]();
  else await executor.rest();
  await Promise.allSettled(running);
  await merging.catch(() => {});
  for (const { waiting } of flights) await discard(waiting);
  if (failure !== undefined) throw failure.error;
}
