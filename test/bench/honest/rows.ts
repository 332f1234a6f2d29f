/** What the errors of one exponent come to over many seeds. */
export interface HonestRow {
  readonly case: string;
  readonly rule: string;
  readonly exponent: string;
  readonly seeds: number;
  readonly mean: number;
  /** Standard deviation over seeds. */
  readonly scatter: number;
  /** Mean of the quoted errors. */
  readonly quoted: number;
  readonly ratio: number;
  /** Share of seeds whose 95 % interval holds the mean over seeds. */
  readonly covered: number;
}

export function honestRow(
  name: string,
  rule: string,
  exponent: string,
  runs: readonly { readonly estimate: number; readonly error: number }[],
): HonestRow {
  const sound = runs.filter(({ estimate, error }) => Number.isFinite(estimate) && Number.isFinite(error));
  const n = sound.length;
  const mean = sound.reduce((sum, { estimate }) => sum + estimate, 0) / n;
  const scatter = Math.sqrt(sound.reduce((sum, { estimate }) => sum + (estimate - mean) ** 2, 0) / (n - 1));
  const quoted = sound.reduce((sum, { error }) => sum + error, 0) / n;
  const held = sound.filter(({ estimate, error }) => Math.abs(estimate - mean) <= 1.96 * error).length;
  return {
    case: name,
    rule,
    exponent,
    seeds: n,
    mean,
    scatter,
    quoted,
    ratio: scatter / quoted,
    covered: held / n,
  };
}

/** Rows as aligned text; ratios outside 0.75 … 1.33 are marked. */
export function shown(rows: readonly HonestRow[]): string {
  const lines = rows.map((row) =>
    [
      row.case.padEnd(15),
      row.rule.padEnd(12),
      row.exponent.padEnd(14),
      String(row.seeds).padStart(3),
      row.mean.toFixed(4).padStart(9),
      row.scatter.toFixed(4).padStart(8),
      row.quoted.toFixed(4).padStart(8),
      row.ratio.toFixed(2).padStart(6),
      `${(100 * row.covered).toFixed(0)} %`.padStart(6),
      row.ratio >= 0.75 && row.ratio <= 1.33 ? '' : '  outside',
    ].join(' '),
  );
  return ['case            rule         exponent       seeds   mean  scatter   quoted  ratio covered', ...lines].join(
    '\n',
  );
}
