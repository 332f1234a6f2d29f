/** What a benchmark measured; `referenceSeconds` is a reference for the same work, timed in the same run. */
export interface Timing {
  readonly seconds: number;
  readonly referenceSeconds?: number;
  readonly note: string;
}

/** `CRACKLE_BENCH_SHORT=1`: a few minutes for what takes many, to see that all of it runs; its figures are coarse. */
export const short = process.env.CRACKLE_BENCH_SHORT === '1';

export interface Benchmark {
  readonly name: string;
  run(): Timing | Promise<Timing>;
}
