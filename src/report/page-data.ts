/** What a page's script works with: JSON in the page. */
export interface PageData {
  readonly figures: Readonly<Record<string, { readonly wide: PackedSpec; readonly narrow?: PackedSpec }>>;
  /** Data of figures, by columns, each once. */
  readonly values: readonly ColumnarValues[];
  /** Distributions whose fit window can be moved. */
  readonly distributions?: readonly WindowedDistribution[];
  /** Figure of a distribution for the moved window, its data empty. */
  readonly windowSpec?: PackedSpec;
}

export interface ColumnarValues {
  readonly names: readonly string[];
  readonly columns: readonly (readonly unknown[])[];
}

/** A compiled Vega specification whose long data stand elsewhere. */
export interface PackedSpec {
  readonly spec: {
    readonly data: readonly { readonly name: string; readonly shared?: number; readonly [key: string]: unknown }[];
    readonly [key: string]: unknown;
  };
}

/** Bins of a distribution and the fit that the run made of it. */
export interface WindowedDistribution {
  readonly label: string;
  readonly symbol: string;
  readonly variable: string;
  readonly discrete: boolean;
  /** Edges of the bins, one more than there are counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly fitted: { readonly min: number; readonly max: number | null; readonly estimate: string };
}
