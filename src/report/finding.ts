/** A number of a finding. */
export interface Quantity {
  /** As its column in the tables is called: `tau`, `gamma_predicted`, `decay_length`. */
  readonly quantity: string;
  /** What it is of, where that isn't the ensemble of the finding: a universality class, a null model, infinite width. */
  readonly of?: string;
  /** Not finite where it can't be computed. */
  readonly value: number;
  /** Standard error; absent where there is none. */
  readonly error?: number;
  /** Range that it was measured over, without an upper end where that isn't finite. */
  readonly from?: number;
  readonly to?: number;
  /** From how many values. */
  readonly count?: number;
}

/** One thing that was found: what terminal and page say of it, and its numbers as data. */
export interface Finding {
  readonly sentence: string;
  /** Number of the ensemble in the tables, and what people call it; absent where it is of several or of none. */
  readonly ensemble?: number;
  readonly label?: string;
  readonly quantities?: readonly Quantity[];
  /** In a word or some, where something was judged: `holds`, `does not hold`, `agrees`. */
  readonly verdict?: string;
}
