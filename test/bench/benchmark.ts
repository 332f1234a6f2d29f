import type { Row } from './rows.ts';

/** What a benchmark measured; `referenceSeconds` is a reference for the same work, timed in the same run. */
export interface Timing {
  readonly seconds: number;
  readonly referenceSeconds?: number;
  readonly note: string;
  /** The same as lines of tables. */
  readonly rows?: readonly Row[];
}

/** `CRACKLE_BENCH_SHORT=1`: a few minutes for what takes many, to see that all of it runs; its figures are coarse. */
export const short = process.env.CRACKLE_BENCH_SHORT === '1';

export interface Benchmark {
  readonly name: string;
  run(): Timing | Promise<Timing>;
}

/** A timing whose note is a line of a table. */
export function tabled(seconds: number, table: string, cells: Row['cells']): Timing {
  const note = Object.entries(cells).map(([name, value]) => `${name}: ${value}`);
  return { seconds, note: note.join('; '), rows: [{ table, cells }] };
}
