/** What a benchmark measured; `referenceSeconds` is a reference for the same work, timed in the same run. */
export interface Timing {
  readonly seconds: number;
  readonly referenceSeconds?: number;
  readonly note: string;
}

export interface Benchmark {
  readonly name: string;
  run(): Timing | Promise<Timing>;
}
