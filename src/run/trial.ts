import { isExpected } from '../error.ts';
import { blame } from '../flow/blame.ts';

/** Tries one thing after the other, and notes what holds and what doesn't. */
export class Trial {
  readonly held: string[] = [];
  readonly notes: string[] = [];
  readonly faults: string[] = [];
  readonly #file: string | undefined;

  /** @param file of the pipeline, whose lines are named */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  said(error: unknown): string {
    if (error instanceof Error && (isExpected(error) || this.#file === undefined)) return error.message;
    return blame(error, this.#file ?? '');
  }

  /** Once, also where it is found of several ensembles. */
  note(sentence: string): void {
    if (!this.notes.includes(sentence)) this.notes.push(sentence);
  }

  /**
   * What holds of several ensembles is said once.
   * @param attempt makes what `wrong` judges, or throws what is wrong
   */
  async hold<T>(what: string, attempt: () => T | Promise<T>, wrong = (_: T): string | undefined => undefined) {
    try {
      const made = await attempt();
      const fault = wrong(made);
      if (fault !== undefined) this.faults.push(fault);
      else if (!this.held.includes(what)) this.held.push(what);
      return made;
    } catch (error) {
      this.faults.push(this.said(error));
      return undefined;
    }
  }
}
