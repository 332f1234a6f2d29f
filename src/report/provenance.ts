/** Where the numbers of a page are from. */
export interface Provenance {
  /** The command that gives the same data. */
  readonly command: string;
  /** Names and values, in the order to be shown: seed, versions, machine, time. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What is measured anew here. */
  readonly source?: { readonly text: string; readonly url: string };
}
