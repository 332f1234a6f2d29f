/**
 * Expected failures: the user's to fix. Each carries one complete sentence that names the culprit and what was expected;
 * the command line prints it and leaves with exit code 2. Anything else that is thrown is a bug and shows its stack.
 */
export class CrackleError extends Error {
  readonly exitCode: number = 2;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A parameter has a value that the model or pipeline can't take: `depth must be a positive integer, got -3`. */
export class ParameterError extends CrackleError {
  /** What would help, where an option does: whoever names options in another way (the command line: flags) says so itself. */
  readonly remedy: Remedy | undefined;

  constructor(message: string, options: ErrorOptions & { readonly remedy?: Remedy } = {}) {
    super(message, options);
    this.remedy = options.remedy;
  }
}

/** An option that would help, with a value for it where there is one to propose. */
export interface Remedy {
  readonly option: string;
  readonly value?: string;
}

/** A table, a batch or a file doesn't have the columns that were expected. */
export class SchemaError extends CrackleError {}

/** Reading or writing a dataset failed: full disk, truncated file, folder not writable. */
export class StoreError extends CrackleError {}

/** A run is to go on that is complete: there is nothing to do, nor to fix. */
export class CompleteError extends StoreError {
  constructor(folder: string) {
    super(`the run in ${folder} is complete: nothing is left to resume`);
  }
}

/** A numerical backend or native library is missing. */
export class BackendError extends CrackleError {}

/** A user's pipeline module can't be loaded, or threw while it was composed or run. */
export class PipelineError extends CrackleError {}

/** A partition's worker was lost again and again: it crashed, ran out of memory or hung. What is merged is kept and can be gone on with. */
export class WorkerError extends CrackleError {}

/** The queue of a run that is shared among machines can't be reached or used. */
export class QueueError extends CrackleError {}

/** What `make` gives; undefined where the data or values don't allow it. Any other error passes. */
export function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof ParameterError) return undefined;
    throw error;
  }
}

/** `; did you mean 'x'?` where a name is a slip of a known one: two letters wrong at most, one in short names; else ''. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = known
    .map((other) => ({ other, slips: distance(name.toLowerCase(), other.toLowerCase()) }))
    .filter(
      ({ other, slips }) => slips <= (Math.min(name.length, other.length) < 5 ? 1 : 2) || startsAlike(name, other),
    )
    .sort((a, b) => a.slips - b.slips);
  return near[0] === undefined ? '' : `; did you mean '${near[0].other}'?`;
}

const startsAlike = (name: string, other: string): boolean => name.length >= 4 && other.startsWith(name);

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** Items of a list that a message names. */
const mostNamed = 12;

/** A list as a message shows it: of a long one the first, and how many more there are. */
export function enumerated(items: readonly string[]): string {
  const left = items.length - mostNamed;
  return `${items.slice(0, mostNamed).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

/** A word that was given, as messages show it: in single quotes, on one line. */
export const quoted = (word: string): string => `'${JSON.stringify(word).slice(1, -1).replaceAll('\\"', '"')}'`;

/** What something that was thrown says; libraries throw other things than errors, too. */
export const messageOf = (error: unknown): string => {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
};

/** What an error says, in its first line: libraries go on with stacks and advice. */
export const firstLine = (error: unknown): string => messageOf(error).split('\n')[0]!;

/** True for a {@link CrackleError}, also for one that came from another copy of the package or crossed a thread. */
export function isExpected(error: unknown): error is CrackleError {
  return error instanceof Error && (error as Partial<CrackleError>).exitCode === 2;
}
