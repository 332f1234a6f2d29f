import type { RecordBatch } from 'apache-arrow';
import { isObservable, type Observable, of, type Subscription, tap } from 'rxjs';
import { PipelineError, SchemaError } from '../error.ts';
import type { Composition, Counts, PartitionContext } from '../pipeline.ts';
import { offersMemory } from '../recycling.ts';
import { checkIsBatch, tableOf } from '../schema/batch.ts';
import { isShipped } from '../schema/table.ts';
import type { Part, Sink } from '../store/sink.ts';
import { addCounts, zeroCounts } from './counts.ts';
import type { Partition } from './partition.ts';
import { perturbationBatch, releasePerturbations } from './perturbations.ts';

/** What one partition came to. */
export interface Outcome {
  readonly partition: Partition;
  readonly state: unknown;
  readonly counts: Counts;
  readonly parts: readonly Part[];
  /** Gives the memory of the state back to whoever made it, for the next ones: nobody reads it any more. */
  readonly release?: () => void;
}

/** Opens the sink of a table for a partition; undefined where the run doesn't record it. */
export type OpenSink = (table: string, partition: Partition) => Sink | undefined;

export interface ExecuteOptions {
  readonly seed: number;
  /** Tables that the stages may record; any where it isn't given. */
  readonly records?: readonly string[];
  readonly openSink: OpenSink;
  /** Called with each tally as it is counted. */
  readonly onCount?: (tally: Partial<Counts>) => void;
  readonly signal?: AbortSignal;
}

/** Throws where a `record` saw batches of other recorded tables only: it stands at the wrong place. */
function checkSeen(seen: ReadonlyMap<string, ReadonlySet<string>>, records: readonly string[] = []): void {
  for (const [table, found] of seen) {
    const other = [...found].find((name) => name === 'perturbation' || records.includes(name));
    if (found.has(table) || other === undefined) continue;
    const own = isShipped(table) ? '' : `; makeBatch('${table}', …) makes those of this table`;
    throw new SchemaError(`record('${table}') must follow the stage that makes them: it got ${other} batches${own}`);
  }
}

/** The stream that `stages` returned. @throws PipelineError where it is no Observable */
function observed(stream: unknown): Observable<RecordBatch> {
  if (isObservable(stream)) return stream as Observable<RecordBatch>;
  const got = stream instanceof Promise ? 'a promise' : String(stream);
  throw new PipelineError(`stages must return an Observable of batches, got ${got}`);
}

/** Throws where a reducer got perturbations or signals only, and none of the tables that it reads. */
function checkReached({ name, reads = [] }: Composition['reducer'], reached: ReadonlySet<string>): void {
  if (reached.size === 0 || [...reached].some((table) => table !== 'signal' && table !== 'perturbation')) return;
  if (reads.length === 0 || reads.some((table) => reached.has(table))) return;
  throw new PipelineError(
    `reducer '${name}' reads ${reads.join(', ')} batches, and the stages end with ${[...reached].join(', ')} batches: the stage that makes them is missing`,
  );
}

/**
 * Evaluates one partition from start to end: perturbations through the pipeline's stages into the reducer, recorded tables into part
 * files. Pull outside, push inside: `drained()` is what `propagate` awaits between windows, so that no more than one window is alive
 * however slow the sinks are.
 * @throws (as a rejection) PipelineError or SchemaError for stages and reducers that don't fit together, what these throw, StoreError where a part
 * can't be written, the reason of `signal`
 */
export async function executePartition(
  composition: Pick<Composition, 'ensembles' | 'stages' | 'reducer'>,
  partition: Partition,
  options: ExecuteOptions,
): Promise<Outcome> {
  const ensemble = composition.ensembles[partition.ensemble]!;
  const counts = zeroCounts();
  const sinks = new Map<string, Sink>();
  /** Tables whose batches came by where one is recorded. */
  const seen = new Map<string, Set<string>>();
  let behind: Promise<unknown> | undefined;
  const tally = (more: Partial<Counts>): void => {
    addCounts(counts, more);
    options.onCount?.(more);
  };
  const perturbations = perturbationBatch(partition, ensemble);
  const context: PartitionContext = {
    ensemble,
    index: partition.index,
    seed: options.seed,
    perturbation$: of(perturbations),
    count: tally,
    drained: async () => {
      const waiting = behind;
      behind = undefined;
      await waiting;
      options.signal?.throwIfAborted();
    },
    record: (table) => {
      if (options.records?.includes(table) === false) {
        const declared = options.records.join(', ') || 'none';
        throw new PipelineError(`record('${table}') needs the pipeline to declare it: its records are ${declared}`);
      }
      const sink = sinks.get(table) ?? options.openSink(table, partition);
      if (sink === undefined) return (source) => source;
      sinks.set(table, sink);
      if (!seen.has(table)) seen.set(table, new Set());
      return tap((batch) => {
        checkIsBatch(`record('${table}')`, batch);
        const found = tableOf(batch) ?? table;
        seen.get(table)!.add(found);
        if (found !== table) return; // a stream may carry several tables
        const writing = sink.write(batch);
        if (writing === undefined) return;
        writing.catch(() => {}); // awaited in drained(); without this a failure in between counts as unhandled
        behind = behind === undefined ? writing : Promise.all([behind, writing]);
      });
    },
  };
  const { reducer } = composition;
  let state = reducer.init(partition.index);
  /** Tables whose batches came to the reducer. */
  const reached = new Set<string>();
  let subscription: Subscription | undefined;
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason as Error), { once: true });
      // In the stream, whose error it is then: RxJS tells what an observer throws to nobody but the process.
      const reduced = tap((batch: RecordBatch) => {
        checkIsBatch(`reducer '${reducer.name}'`, batch);
        const before = state;
        state = reducer.step(state, batch);
        if (state === undefined && before !== undefined)
          throw new PipelineError(
            `step of reducer '${reducer.name}' must return the state to go on with, got undefined`,
          );
        if (reducer.reads !== undefined) reached.add(tableOf(batch) ?? reducer.reads[0]!);
      });
      subscription = observed(composition.stages(context))
        .pipe(reduced)
        .subscribe({ error: reject, complete: resolve });
    });
    await context.drained();
    checkSeen(seen, options.records);
    checkReached(reducer, reached);
    const { underway = 0, ...done } = counts;
    tally({ perturbations: partition.count, ...(underway === 0 ? {} : { underway: -underway }) });
    const ended = { ...done, perturbations: counts.perturbations };
    const parts: Part[] = [];
    for (const sink of sinks.values()) parts.push(await sink.commit());
    if (offersMemory(context)) releasePerturbations(perturbations);
    return { partition, state, counts: ended, parts };
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    subscription?.unsubscribe();
    for (const sink of sinks.values()) await sink[Symbol.asyncDispose]();
  }
}
