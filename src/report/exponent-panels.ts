import { type GammaFit, gammaWords } from './size-words.ts';
import { estimateOf, type Row } from './table-row.ts';

const quantitiesOf = (fit: GammaFit): readonly (readonly [column: string, title: string])[] => [
  ['tau', 'τ (sizes)'],
  ['alpha', 'α (durations)'],
  ['gamma_scaling', `γ (${gammaWords(fit).of})`],
  ['gamma_predicted', '(α − 1)/(τ − 1)'],
];

/** One estimate with the ends of its error bar, and where it stands. */
export interface ExponentPoint extends Readonly<Record<string, unknown>> {
  readonly k: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The points of each panel, from rows with tau, alpha, gamma_scaling, gamma_predicted and their errors. */
export function exponentPoints(
  rows: readonly Row[],
  place: (row: Row) => { readonly k: number } & Readonly<Record<string, unknown>>,
): ExponentPoint[][] {
  return quantitiesOf({}).map(([column]) =>
    rows.flatMap((row) => {
      const estimate = estimateOf(row, column);
      const at = place(row);
      if (estimate === undefined || Number.isNaN(at.k)) return [];
      const error = Number.isFinite(estimate.error) ? estimate.error : 0;
      return [{ ...at, value: estimate.value, low: estimate.value - error, high: estimate.value + error }];
    }),
  );
}

/** A panel an exponent, against what `encoding` says stands on x; none where there is no point. */
export function exponentPanels(
  points: readonly (readonly ExponentPoint[])[],
  encoding: Readonly<Record<string, unknown>>,
  shape: unknown,
  fit: GammaFit = {},
): Record<string, unknown>[] {
  return quantitiesOf(fit).flatMap(([, label], q) => {
    const own = points[q]!;
    if (own.length === 0) return [];
    // Errors may be as large as they like: the panel shows where the values are.
    const values = own.map(({ value }) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = 0.15 * (high - low) + 0.1;
    const y = {
      type: 'quantitative',
      axis: { title: label, tickCount: 5 },
      scale: { domain: [low - margin, high + margin], nice: false, zero: false },
    };
    return [
      {
        width: 260,
        height: 190,
        data: { values: own },
        encoding,
        layer: [
          {
            mark: { type: 'rule', strokeWidth: 1.2, clip: true },
            encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
          },
          {
            mark: { type: 'point', filled: true, size: 45, opacity: 1, clip: true },
            encoding: { y: { ...y, field: 'value' }, shape },
          },
        ],
      },
    ];
  });
}
