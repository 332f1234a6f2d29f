import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { Observable } from 'rxjs';
import { ParameterError, StoreError } from './error.ts';
import type { Outcome } from './flow/execute.ts';
import { localExecutor } from './flow/executor.ts';
import { blamed, blamedError, loadPipeline, pipelineUrl } from './flow/load.ts';
import { schedule } from './flow/schedule.ts';
import { kernelArithmetic } from './kernel/variant.ts';
import type { ParameterSpecs, ValuesOf } from './parameter.ts';
import type { Declared, Pipeline } from './pipeline.ts';
import type { ResultFor, ValuesFor } from './run/built-in.ts';
import { type Composed, composePipeline } from './run/compose.ts';
import type { Progress } from './run/conduct.ts';
import { checkDeclared, declaredBy, withAll } from './run/declared.ts';
import { lanesOf } from './run/lanes.ts';
import type { MadeBy, RunOptions, RunResult } from './run/options.ts';
import { moduleOf, pipelineOf } from './run/origin.ts';
import { conductPhases, followed } from './run/phases.ts';
import { abandon, type Findings, findings, publishReport, publishTables, shownOf, totals } from './run/publish.ts';
import { checkSameComputation, progressOf } from './run/same-computation.ts';
import type { Snapshot } from './snapshot.ts';
import { ipcSink } from './store/arrow-ipc.ts';
import { createDataset, type Dataset, openDataset } from './store/dataset.ts';
import { checkFiles, readManifest } from './store/folder.ts';
import { tablePath } from './store/part-path.ts';
import { readRows } from './store/read-table.ts';

export type { RunOptions, RunResult } from './run/options.ts';
export type { Snapshot } from './snapshot.ts';

/** From a composed pipeline (and perhaps a checkpoint) to tables, figures and a manifest with its last status. */
async function complete(
  first: Composed,
  dataset: Dataset | undefined,
  options: RunOptions,
  from?: readonly Progress[],
): Promise<RunResult> {
  const began = performance.now();
  const { composed, ensembles, interrupted, progress } = await conductPhases(first, dataset, options, from);
  const status = interrupted ? 'partial' : 'complete';
  // Simulated for hours, and then a mistake in `results`: with the states kept, the run can be resumed once it is put right.
  const foundOrKept = async (): Promise<Findings> => {
    try {
      return findings(composed, ensembles);
    } catch (error) {
      await dataset?.saveCheckpoint(progress);
      throw error;
    }
  };
  const found =
    interrupted && ensembles.every(({ counts }) => counts.perturbations === 0)
      ? { tables: {}, summaries: [], figures: [] }
      : await foundOrKept();
  const files: string[] = [];
  if (dataset !== undefined) {
    files.push(...(await publishTables(dataset, found.tables)));
    if (dataset.manifest.keep_state === true && !interrupted) await dataset.saveStates(progress);
    if (options.figures !== false && !interrupted)
      files.push(...(await publishReport(dataset.folder, composed, found)));
    await dataset.finish(status, totals(ensembles));
  }
  const seconds = (performance.now() - began) / 1000;
  options.logger?.info(`${status} after ${seconds.toFixed(1)} s`);
  return {
    status,
    pipeline: composed.pipeline.name,
    folder: dataset?.folder,
    ensembles,
    files,
    seconds,
    ...found,
    tables: withAll(composed.pipeline, found.tables),
  };
}

/**
 * Runs a pipeline to its stop rule: the one path of command line, library and tests.
 *
 * The data depends on the pipeline, its values and the seed only, never on workers, timing or interruptions.
 * @param pipeline a pipeline, or the name of a built-in one
 * @param given values of its parameters; defaults are filled in
 * @throws ParameterError for values out of range, StoreError where the run folder can't be written, PipelineError where a user's
 * pipeline throws
 */
export function run<P extends ParameterSpecs, Result, Own extends Declared>(
  pipeline: Pipeline<P, Result, Own>,
  given?: Partial<ValuesOf<P>>,
  options?: RunOptions,
): Promise<RunResult<Result, MadeBy<Own>>>;
export function run<Name extends string>(
  pipeline: Name,
  given?: ValuesFor<Name>,
  options?: RunOptions,
): Promise<ResultFor<Name>>;
export async function run(pipeline: unknown, given: object = {}, options: RunOptions = {}): Promise<RunResult> {
  const named = typeof pipeline === 'string' ? await loadPipeline(pipelineUrl(pipeline)) : (pipeline as Pipeline);
  const record = options.record ?? [];
  checkDeclared(named, record);
  const composed = composePipeline(named, { ...given });
  const seed = options.seed ?? 1;
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new ParameterError(`seed must be an integer of at least 0, got ${seed}`);
  if (record.length > 0 && options.out === undefined) {
    throw new ParameterError(`recording ${record.join(', ')} needs a run folder: give out`);
  }
  if (options.keepState === true && options.out === undefined) {
    throw new ParameterError('keeping the state needs a run folder: give out');
  }
  let dataset: Dataset | undefined;
  if (options.out !== undefined) {
    dataset = await createDataset(resolve(options.out), {
      pipeline: named.name,
      ...(await moduleOf(named)),
      parameters: composed.values,
      seed,
      kernel: kernelArithmetic(),
      record,
      ...(options.keepState === true ? { keep_state: true } : {}),
    });
    options.logger?.info(`${named.name} → ${dataset.folder}`);
  }
  try {
    return await complete(composed, dataset, options);
  } catch (error) {
    await abandon(dataset);
    throw error;
  }
}

export interface ResumeOptions extends Omit<RunOptions, 'seed' | 'out' | 'record' | 'keepState'> {
  /** The user's own pipeline that the run is of, or the path of its file: its code runs only where it is named. */
  readonly pipeline?: string | Pipeline;
}

/**
 * Goes on with an interrupted run from its last checkpoint. What comes out is what an uninterrupted run would have given.
 * @throws StoreError where the folder holds no run, a complete or a damaged one, or one of other kernels, another version or another pipeline
 */
export async function resume(folder: string, options: ResumeOptions = {}): Promise<RunResult> {
  const path = resolve(folder);
  const manifest = await readManifest(path);
  const { merged } = manifest;
  if (merged !== undefined && manifest.status !== 'complete') {
    throw new StoreError(`${folder} holds a merge of runs that was cut off: merge them again, into another folder`);
  }
  const pipeline = await pipelineOf(folder, manifest, options.pipeline);
  await checkSameComputation(folder, manifest, pipeline);
  const dataset = await openDataset(path);
  try {
    const { parameters, seed, record } = dataset.manifest;
    const composed = composePipeline(pipeline, parameters);
    const from = progressOf(folder, await dataset.loadCheckpoint());
    await dataset.retain(({ ensemble, index }) => index < (from?.[ensemble]?.merged ?? 0));
    return await complete(composed, dataset, { ...options, seed, record }, from);
  } catch (error) {
    await abandon(dataset);
    throw error;
  }
}

export type StreamOptions = Omit<RunOptions, 'onSnapshot' | 'signal'>;

/**
 * A run as a stream of live results: emits snapshots while it runs, completes with it. Unsubscribing interrupts it.
 */
export function stream<P extends ParameterSpecs, Result, Own extends Declared>(
  pipeline: Pipeline<P, Result, Own>,
  given?: Partial<ValuesOf<P>>,
  options?: StreamOptions,
): Observable<Snapshot>;
export function stream<Name extends string>(
  pipeline: Name,
  given?: ValuesFor<Name>,
  options?: StreamOptions,
): Observable<Snapshot>;
export function stream(pipeline: unknown, given: object = {}, options: StreamOptions = {}): Observable<Snapshot> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    run(pipeline as Pipeline, given, {
      ...options,
      signal: controller.signal,
      onSnapshot: (snapshot) => subscriber.next(snapshot),
    })
      .then(() => subscriber.complete())
      .catch((error: unknown) => subscriber.error(error));
    return () => controller.abort();
  });
}

/**
 * Runs a pipeline and writes one of its streamed tables to `to` as an Arrow IPC stream, in partition order. The reader sets the pace; when it
 * goes away, production stops.
 */
export async function streamTable(
  pipeline: Pipeline,
  given: Record<string, unknown>,
  { table, seed, to, signal }: { table: string; seed: number; to: Writable; signal?: AbortSignal },
): Promise<void> {
  checkDeclared(pipeline, [table]);
  let composed: Composed | undefined = composePipeline(pipeline, given);
  await using sink = ipcSink(table, to);
  const stop = AbortSignal.any([sink.closed, ...(signal === undefined ? [] : [signal])]);
  const openSink = (name: string, { ensemble, index }: { ensemble: number; index: number }) =>
    name === table
      ? {
          write: sink.write,
          commit: async () => ({ table, path: `${ensemble}-${index}`, rows: 0, bytes: 0 }),
          [Symbol.asyncDispose]: async () => {},
        }
      : undefined;
  try {
    let done: readonly Progress[] = [];
    while (composed !== undefined) {
      const { composition }: Composed = composed;
      const { reducer } = composition;
      const lanes = lanesOf(composition, done);
      // States are of no use but to a phase that is to follow.
      const states = lanes.map((_, l) => done[l]?.state ?? reducer.init());
      const onMerge = ({ partition: { ensemble: l }, state }: Outcome): void => {
        if (composition.next !== undefined) states[l] = reducer.merge(states[l], state);
      };
      // One partition ahead: what passes the stop rule's cut must not have been sent.
      const { records } = declaredBy(pipeline);
      const executor = localExecutor(composition, { seed, records, openSink, signal: stop });
      await schedule(lanes, executor, { onMerge, onDiscard: () => {}, signal: stop, ahead: 1 });
      done = lanes.map(({ merged, counts }, l) => ({ merged, counts, state: states[l] }));
      composed =
        stop.aborted || composition.next === undefined
          ? undefined
          : followed(
              composed,
              composition.ensembles.map((ensemble, l) => ({
                ensemble,
                ...done[l]!,
                result: reducer.finish(states[l]),
              })),
            );
    }
  } catch (error) {
    if (!sink.closed.aborted) throw blamedError(pipeline, error);
  }
  if (!sink.closed.aborted) await sink.commit();
}

/** Makes figures and report.html of a run folder again from its tables; returns their paths. */
export async function remake(folder: string, named?: string | Pipeline): Promise<string[]> {
  const path = resolve(folder);
  const manifest = await readManifest(path);
  const { parameters, tables: listed, record } = manifest;
  const composed = composePipeline(await pipelineOf(folder, manifest, named), parameters);
  const tables: Record<string, Record<string, unknown>[]> = {};
  for (const table of Object.keys(listed)) {
    if (record.includes(table)) continue;
    await checkFiles(path, manifest.files, [tablePath(table)]);
    tables[table] = await readRows(resolve(path, tablePath(table)), table);
  }
  const shown = blamed(composed.pipeline, () => shownOf(composed.composition, tables));
  return (await publishReport(path, composed, { tables, ...shown }, manifest)).map((file) => resolve(path, file));
}
