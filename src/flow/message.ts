import { BackendError } from '../error.ts';
import type { Counts } from '../pipeline.ts';
import type { Imprint } from '../store/imprint.ts';
import type { EncodingSet } from '../store/parquet/encoding-set.ts';
import type { Outcome } from './execute.ts';
import type { ModuleFiles } from './imported-files.ts';
import type { Kept } from './kept.ts';
import type { Partition } from './partition.ts';

/** What a worker thread is started with: all that determines the rows of a partition. */
export interface WorkerStart {
  /** URL of the pipeline module. */
  readonly module: string;
  /** What its files hold, for a user's own: a thread that finds others is refused. */
  readonly files?: ModuleFiles | undefined;
  readonly values: Record<string, unknown>;
  readonly seed: number;
  /** Run folder for part files; undefined records nothing. */
  readonly folder: string | undefined;
  readonly record: readonly string[];
  /** Encodings of the part files; portable by default. */
  readonly encodings?: EncodingSet;
  /** What the part files say of their run. */
  readonly metadata?: Imprint;
  /** Parts are written for another process, which takes them into the run folder. */
  readonly staged?: boolean;
  /** Tables that the pipeline declares that it records. */
  readonly records: readonly string[];
}

/** An ensemble to be measured by the composition's `ahead`, as a whole or one part of it. `held`: the thread has its state already. */
export type Measurement = { readonly ensemble: number; readonly counts: Counts; readonly part?: number } & (
  | Kept
  | { readonly held: true }
);

/** What was made of an ensemble, and the seconds that it took. */
export interface Made {
  readonly made: unknown;
  readonly seconds: number;
}

export type Work = { readonly partition: Partition } | { readonly measure: Measurement };

/**
 * From the pool to a worker: a partition to evaluate, an ensemble to measure, the memory of a state that has been merged (`spent`), values to compose
 * again with, or to drop its partitions (`leave`), or that and to end.
 */
export type Order =
  | ({ readonly id: number } & Work)
  | { readonly spent: unknown }
  | { readonly compose: Record<string, unknown> }
  | 'leave'
  | 'end';

/** An error as it crosses threads. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly exitCode: number | undefined;
  /** Whether a backend failed: a card in use may do so at any time. */
  readonly backend: boolean;
}

/** From a worker to the pool. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'count'; readonly id: number; readonly tally: Counts }
  | {
      readonly kind: 'done';
      readonly id: number;
      readonly outcome: Outcome;
      /** Memory of the state, which comes with it and goes back once it is merged. */
      readonly buffers: readonly ArrayBuffer[];
    }
  | ({ readonly kind: 'measured'; readonly id: number } & Made)
  | { readonly kind: 'failed'; readonly id: number | undefined; readonly failure: Failure };

export function toFailure(error: unknown): Failure {
  const e = error instanceof Error ? error : new Error(String(error));
  const { exitCode } = e as { exitCode?: number };
  return { name: e.name, message: e.message, stack: e.stack, exitCode, backend: e instanceof BackendError };
}

/** The error again, on the other side; expected errors keep their exit code. */
export function fromFailure(failure: Failure): Error {
  const error = failure.backend ? new BackendError(failure.message) : new Error(failure.message);
  error.name = failure.name;
  if (failure.stack !== undefined) error.stack = failure.stack;
  if (failure.exitCode !== undefined) Object.assign(error, { exitCode: failure.exitCode });
  return error;
}
