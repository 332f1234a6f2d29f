/** What a live page shows of a run at one moment. */
export interface LiveState {
  /** Which ensemble is worked on, and which one of how many: `N = 256 (2/3)`. */
  readonly where: string;
  /** What is counted, in the plural. */
  readonly unit: string;
  readonly counted: number;
  /** Counted a second. */
  readonly rate: number;
  /** Share of the simulation that is done, 0 to 1. */
  readonly fraction: number;
  /** Seconds since the start, and to the end with its fits and figures (null: not known). */
  readonly elapsed: number;
  readonly remaining: number | null;
  readonly stage: string;
  /** Of the process that computes, where the page is its own; memory is resident, in bytes. */
  readonly workers?: number;
  /** Of a run on a queue: machines that work on it; `workers` are their threads then. */
  readonly machines?: number;
  readonly memory?: number;
  /** Running estimates of the current ensemble by their symbols. */
  readonly estimates: Readonly<Record<string, number>>;
}
