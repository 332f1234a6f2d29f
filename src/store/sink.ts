import type { RecordBatch } from 'apache-arrow';

/** Where the batches of one table go. An empty table still yields a valid file once disposed. */
export interface Sink extends AsyncDisposable {
  /** Takes a batch; returns a promise where the sink is behind, to be awaited before the next window is made. */
  write(batch: RecordBatch): void | Promise<void>;
  /** Finish what was written and make it visible. Without it, disposing discards. */
  commit(): Promise<Part>;
}

/** A finished part file of a table. */
export interface Part {
  readonly table: string;
  /** Path relative to the run folder, with forward slashes. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 of the file, in hex; a part that is no file has none. */
  readonly sha256?: string;
  /** Where it stands until the writer of the run folder gives it its name; undefined where it has it. */
  readonly staged?: string;
}
