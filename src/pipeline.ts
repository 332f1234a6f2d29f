import type { RecordBatch } from 'apache-arrow';
import type { Observable } from 'rxjs';
import type { Ensemble } from './network/ensemble.ts';
import type { ParameterSpecs, ValuesOf } from './parameter.ts';
import type { Reducer } from './reduce/reducer.ts';
import type { Figure } from './report/figure.ts';
import type { Summary } from './report/summary.ts';
import type { Batch } from './schema/batch.ts';
import type { TableName, TableRows } from './schema/columns.ts';
import type { RowOf, TableSchema } from './schema/table.ts';

/** A table that a pipeline records or makes: one of `schemas/` by its name, or one of its own, as `defineTable` gives it. */
export type Declared = TableName | TableSchema;

/** Rows of declared tables, by table name. */
export type TablesOf<D extends Declared> = {
  readonly [Name in Extract<D, string>]: readonly TableRows[Name][];
} & {
  readonly [S in Exclude<D, string> as S['name']]: readonly RowOf<S>[];
};

/** Rows of tables of `schemas/`, by table name. */
export type Tables = { readonly [Name in TableName]?: readonly TableRows[Name][] };

/** Tallies that a partition reports beside its states. */
export interface Counts {
  perturbations: number;
  /** Avalanches of duration ≥ 1 that ended. */
  valid: number;
  /** Perturbations that fell below the threshold at once (duration 0). */
  dead: number;
  /** Avalanches still above the threshold at the last layer. */
  censored: number;
  /** Rows with a strength that is not finite. */
  nonFinite: number;
  /** What is done of perturbations that are still under way, in perturbations: for the time left alone, in no result. */
  underway?: number;
}

/**
 * One partition as its stages see it. `perturbation$` emits batches of the `perturbation` table; `record(table)` is a tap that
 * sends the table's batches that pass to its sink when the run records it; `drained()` resolves once the sinks have taken it.
 */
export interface PartitionContext {
  readonly ensemble: Ensemble;
  /** Position within the ensemble's list of partitions. */
  readonly index: number;
  readonly seed: number;
  readonly perturbation$: Observable<Batch<'perturbation'>>;
  record(table: string): <Passing extends RecordBatch>(source: Observable<Passing>) => Observable<Passing>;
  drained(): Promise<void>;
  count(tally: Partial<Counts>): void;
}

/** What a reducer's state has come to, for one ensemble. */
export interface EnsembleResult<Result> {
  readonly ensemble: Ensemble;
  readonly counts: Counts;
  /** Made where it is read, anew where another ensemble's was read meanwhile: whoever goes from one to the next holds one at a time. */
  readonly result: Result;
  /** What the composition's `ahead` made of it; undefined where it wasn't asked to, or couldn't. */
  readonly measured?: unknown;
}

/** An ensemble's result, or what was measured on it, with more to it. Its `result` is still made where it is read: `{ ...one }` would read it. */
export const withMore = <One extends EnsembleResult<unknown>, More extends object>(one: One, more: More): One & More =>
  Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(one), ...Object.getOwnPropertyDescriptors(more) },
  ) as One & More;

/** Work on one ensemble alone that a run may do before all are done, on its worker threads. */
export interface Ahead<Result = unknown> {
  /** The reducer whose results are measured: nothing is measured ahead in a composition with another one. */
  readonly of: Reducer<unknown, Result>;
  /**
   * What `results` finds as `measured` of the ensemble, or does itself where it finds nothing; of a phase that leads to another one, what
   * `next` and the `results` after it find. Must follow from the ensemble's result alone, and be structured-cloneable.
   */
  measure(one: EnsembleResult<Result>): unknown;
  /** The same in parts, which several threads make at once of an ensemble that is waited for. */
  readonly parts?: {
    readonly count: number;
    /** One of the parts, structured-cloneable. */
    measure(one: EnsembleResult<Result>, part: number): unknown;
    /** All of them put together: what `measure` makes, to the last bit. */
    join(one: EnsembleResult<Result>, parts: readonly unknown[]): unknown;
  };
}

/** When an ensemble has enough: whichever comes first. At least one must be finite. */
export interface StopRule {
  readonly valid?: number;
  readonly perturbations?: number;
}

/** How a run goes on where ensembles depend on what others came to. */
export interface NextPhase<Result = unknown> {
  /**
   * Values to compose the pipeline with again, from the results of all ensembles so far. What is composed then must begin with these very
   * ensembles, which are not run again. Runs once all are done; must follow from the results alone.
   */
  values(ensembles: readonly EnsembleResult<Result>[]): Record<string, unknown>;
  /** What the ensembles to come will cost, `cost` times avalanches or perturbations, for the estimate of the time left. */
  readonly cost: number;
}

/** What comes after a simulation, in seconds of one core of a server of the 2020s: where the estimate of the time left begins. */
export interface Aftermath {
  /** What `results` does for an ensemble by itself, or `ahead` in its place. Default 0. */
  each?(ensemble: Ensemble): number;
  /** What else `results` does. */
  readonly all: number;
  /** Figures and page, and how much longer they take with each ensemble (default 0). */
  readonly figures: number;
  readonly figuresEach?: number;
}

/** What `compose` makes of the parameters: everything a run needs to know. */
export interface Composition<Result = unknown, Own extends Declared = TableName> {
  readonly ensembles: readonly Ensemble[];
  readonly stop: StopRule;
  /** An ensemble's own stop rule, in place of `stop`: must follow from the parameters alone, so that every run does the same work. */
  stopOf?(ensemble: Ensemble): StopRule;
  /** Perturbations a partition, of all ensembles or of each; by default chosen from the stop rule so that a run has at least 64 partitions. */
  readonly partitionSize?: number | ((ensemble: Ensemble) => number);
  /** Declared tables to record that these values leave empty, as that of an option which isn't taken: `crackle check` doesn't miss their rows. */
  readonly empty?: readonly string[];
  /** Files that stages read, or folders of files, by their paths: a run goes on, and machines of a queue take part in it, only with what they held when it began. */
  readonly inputs?: readonly string[];
  /**
   * Partitions that a thread works on at once, where their stages have something in common that pays: networks that train in step on a
   * graphics card. What comes out doesn't depend on it. Default 1.
   */
  readonly together?: number;
  /**
   * One partition, from perturbations to what the reducer folds. Called once for each partition, in any thread, and for each ensemble to see which
   * engine it hands to `propagate`: what it computes must wait until it is subscribed to.
   */
  stages(partition: PartitionContext): Observable<RecordBatch>;
  /**
   * Holds what a card computes of an ensemble against processors, before a run with `backend: 'webgpu'` begins, where no engine's name says what
   * that is: networks of given or other weights, trainings. Called in a process of its own for one ensemble of each activation, width, reuse and model.
   * @throws BackendError (as a rejection) where they differ
   */
  onCard?(ensemble: Ensemble, adapter: string): Promise<void>;
  readonly reducer: Reducer<unknown, Result>;
  /**
   * Whether runs with different seeds may be merged: their states hold sums, nothing by the number of a perturbation, network or run, which
   * every seed counts from 0. Default false.
   */
  readonly mergeable?: boolean;
  /** A further phase of the run, with more ensembles. */
  readonly next?: NextPhase<Result>;
  /** Result tables, made once at the end from all ensembles. */
  results(ensembles: readonly EnsembleResult<Result>[]): Partial<TablesOf<Own>>;
  /** What of `results` can be done for an ensemble once it is done. */
  readonly ahead?: Ahead<Result>;
  /** Running estimates for the progress line, from one ensemble's result so far; must be cheap. */
  estimate?(result: Result, ensemble: Ensemble): Record<string, number>;
  /** What perturbations are called where progress is told, in the plural: `networks` where each is one of its own. */
  readonly unit?: string;
  /** Relative cost of a perturbation, for the estimate of the time left; by default all ensembles cost the same. */
  cost?(ensemble: Ensemble): number;
  /** What fits and figures are thought to take: the time left begins with it, and is corrected by what ensembles take. */
  readonly after?: Aftermath;
  /** What was found, from the finished tables: printed where the run ends, on the page and in `RunResult`. The most important first. */
  summaries?(tables: Partial<TablesOf<Own>>): readonly Summary[];
  /** Figures of the finished tables. */
  figures?(tables: Partial<TablesOf<Own>>): readonly Figure[];
}

/** A composition of one phase without its stages: an experiment that leaves to its pipeline how perturbations flow. */
export type Study<Result> = Omit<Composition<Result>, 'stages' | 'next'>;

/** Values that go together, as those of a published protocol. */
export interface Preset<P extends ParameterSpecs = ParameterSpecs> {
  readonly doc: string;
  readonly values: Partial<ValuesOf<P>>;
}

/** `T`, which the compiler infers from elsewhere. NoInfer would hide the members of a union from {@link TablesOf}. */
export type Fixed<T> = [T][T extends unknown ? 0 : never];

/** A named experiment. */
export interface Pipeline<
  P extends ParameterSpecs = ParameterSpecs,
  Result = unknown,
  Own extends Declared = TableName,
> {
  readonly name: string;
  readonly doc: string;
  readonly parameters: P;
  /** How long it takes with its defaults, measured, in words: `90 s on two cores`. */
  readonly takes?: string;
  /** Named sets of values, for `--preset`: what is given beside one wins over it. */
  readonly presets?: Readonly<Record<string, Preset<NoInfer<P>>>>;
  /** Tables that its stages hand to `record`, of which a run records those that it is asked to. Default none. */
  readonly records?: readonly Declared[];
  /** Tables that its `results` make. Every run has a table `ensemble` beside them. */
  readonly tables?: readonly Own[];
  compose(values: ValuesOf<P>): Composition<Result, Fixed<Own>>;
  /** URL of the module whose default export this is: lets worker threads import it again. */
  readonly module?: string;
}

/** Declares a pipeline; keeps the types of its parameters and tables, so that `compose` sees checked values and is held to what it declares. */
export function definePipeline<P extends ParameterSpecs, Result, const Own extends Declared = never>(
  pipeline: Pipeline<P, Result, Own>,
): Pipeline<P, Result, Own> {
  return pipeline;
}

/**
 * What `compose` returns, for pipelines with `results` of their own: the compiler then knows what the reducer comes to where `results`,
 * `estimate` and the rest are written.
 */
export function composition<Result, Own extends Declared>(
  parts: Composition<Result, Fixed<Own>>,
): Composition<Result, Own> {
  return parts as Composition<Result, Own>;
}
