import type { Logger } from 'pino';
import type { Ensemble } from '../network/ensemble.ts';
import type { Counts, Declared, EnsembleResult, Tables, TablesOf } from '../pipeline.ts';
import type { Figure } from '../report/figure.ts';
import type { Summary } from '../report/summary.ts';
import type { EnsembleRow, TableName } from '../schema/columns.ts';
import type { EncodingSet } from '../store/parquet/encoding-set.ts';
import type { Shard } from './split.ts';

/** How far a run is. */
export interface Snapshot {
  /** The ensemble that is being worked on. */
  readonly ensemble: Ensemble;
  /** Ensembles done, and in all. */
  readonly done: number;
  readonly ensembles: number;
  /** Tallies of the current ensemble, running partitions included. */
  readonly counts: Counts;
  /** Tallies of all ensembles. */
  readonly total: Counts;
  /** Share of the simulation that is done, 0 to 1. */
  readonly fraction: number;
  /** Seconds since the start (or the resume). */
  readonly elapsed: number;
  /** Estimated seconds to the end, fits and figures included; Infinity before anything is known. */
  readonly remaining: number;
  /** Avalanches a second since then, perturbations where there are none. */
  readonly rate: number;
  /** The pipeline's running estimates for the current ensemble (`tau`, `alpha`, `gamma` …). */
  readonly estimates: Record<string, number>;
  /** What perturbations are called here, in the plural. */
  readonly unit?: string;
  /** On a queue: the workers that serve the run now, and the partitions that they can work on at once. */
  readonly staff?: Readonly<Record<'workers' | 'slots', number>>;
  /** After the simulation, of which nothing is left then (`fraction` below 1: it was interrupted): fits, then figures and report. */
  readonly stage?: 'fitting' | 'drawing';
}

/** A queue that machines share, on a Redis or Valkey server. */
export interface Queue {
  /** `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS. */
  readonly url: string;
  /** Runs of higher priority are served first. Default 0. */
  readonly priority?: number;
  /** Seconds between the driver's signs of life, from 0.1 to 3600. Default 5. */
  readonly heartbeat?: number;
  /** Seconds to wait for a server that isn't there yet. Default: 5 for one that refuses connections, none for one that can't be found or doesn't answer. */
  readonly connectTimeout?: number;
}

/** How to run a pipeline. Nothing here changes what comes out, but for `seed`, and for `maxTime` and `signal` in how much. */
export interface RunOptions {
  /** Seed of all random streams, a safe integer ≥ 0. Default 1. */
  readonly seed?: number;
  /** Worker threads, four a core at most. Default: one a core. A pipeline without `module` runs in this thread. */
  readonly workers?: number;
  /**
   * Seconds that a partition may take before its thread is taken to hang, and replaced; a partition is tried three times. Default: any time.
   * A pipeline without `module` has no thread that could be replaced.
   */
  readonly partitionTimeout?: number;
  /** In place of worker threads: the queue whose workers (`crackle worker`) evaluate the partitions, by its URL. */
  readonly queue?: string | Queue;
  /** Run folder to write. Without it nothing touches the disk. */
  readonly out?: string;
  /** Tables to stream to Parquet parts while running, such as `signal` and `avalanche`; needs `out`. */
  readonly record?: readonly string[];
  /**
   * Encodings of the Parquet files: `portable`, which every reader knows (default), or `compact`, a fifth to a half smaller, for readers of
   * DELTA_BINARY_PACKED and BYTE_STREAM_SPLIT. The values are the same.
   */
  readonly parquet?: EncodingSet;
  /**
   * Do this share of the run only, for machines without a queue between them: `mergeRuns` makes the run of all shards, with the same bits. Its
   * folder holds no result tables. Needs `out`.
   */
  readonly shard?: Shard;
  /** Perturbations a partition, where they are not to follow from the parameters: data depend on it. */
  readonly partitionSize?: number;
  /** Keep the reducers' states in the run folder, for `mergeRuns`. Default false: a few to a hundred MB. */
  readonly keepState?: boolean;
  /** Figures and report.html in the run folder. Default true. */
  readonly figures?: boolean;
  /** Seconds after which the run ends with what there is: `partial`, and can be resumed. */
  readonly maxTime?: number;
  /**
   * Interrupts the run: what is merged is kept, and can be resumed where there is a run folder. Where all is simulated, it goes to its end without
   * figures and page.
   */
  readonly signal?: AbortSignal;
  /** Told how far the run is, some times a second. */
  readonly onSnapshot?: (snapshot: Snapshot) => void;
  /** Told what was found as soon as it is, before tables, figures and page are written, which goes on once this is done. */
  readonly onFound?: (summaries: readonly Summary[]) => void | Promise<void>;
  readonly logger?: Pick<Logger, 'info' | 'warn' | 'debug'>;
}

/** Tables that runs of a pipeline with these declarations make, `ensemble` among them; any of `schemas/` where they aren't known. */
export type MadeBy<Own extends Declared> = [TableName] extends [Own]
  ? Tables
  : TablesOf<Own> & { readonly ensemble: readonly EnsembleRow[] };

/** What a run came to. */
export interface RunResult<Result = unknown, Made = Tables> {
  /** `partial` where it was interrupted or ran out of time. */
  readonly status: 'complete' | 'partial';
  readonly pipeline: string;
  readonly folder: string | undefined;
  readonly ensembles: readonly EnsembleResult<Result>[];
  /** Rows of every table that the pipeline declares; none of one that this run didn't make. */
  readonly tables: Made;
  /** What was found, in words and numbers. */
  readonly summaries: readonly Summary[];
  readonly figures: readonly Figure[];
  /** Files written, relative to the folder. */
  readonly files: readonly string[];
  readonly seconds: number;
}
