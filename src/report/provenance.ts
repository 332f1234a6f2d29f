/** Where the numbers of a page are from. */
export interface Provenance {
  /** The command that runs the same again. */
  readonly command: string;
  /** Whether it gives the same data, bit for bit, as it does unless a run was extended whose partitions differ by ensemble; true by default. */
  readonly exact?: boolean;
  /** Names and values, in the order to be shown: seed, versions, machine, time. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What is measured anew here. */
  readonly source?: { readonly text: string; readonly url: string };
}
