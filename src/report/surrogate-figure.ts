import { isOfWeights } from './control-name.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { seriesOf } from './series.ts';
import { type GammaFit, gammaWords } from './size-words.ts';
import { estimateOf, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { seriesColors, seriesShapes, themed } from './theme.ts';

const quantitiesOf = (fit: GammaFit): readonly (readonly [exponent: string, title: string])[] => [
  ['tau', 'τ (sizes)'],
  ['alpha', 'α (durations)'],
  ['gamma_scaling', `γ (${gammaWords(fit).of})`],
  ['gamma_collapse', 'γ (shape collapse)'],
  ['gamma_predicted', '(α − 1)/(τ − 1)'],
];

const source = 'measured';

interface Point {
  readonly label: string;
  readonly source: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function point(row: Row, label: string, name: string, from: string): Point[] {
  const estimate = estimateOf(row, name);
  if (estimate === undefined) return [];
  const error = Number.isFinite(estimate.error) ? estimate.error : 0;
  return [{ label, source: from, value: estimate.value, low: estimate.value - error, high: estimate.value + error }];
}

/** Exponents of every ensemble beside those of its null models. Reads tables `surrogate`, `exponents` and `ensemble`. */
export function surrogatesFigure(tables: Tables, fit: GammaFit = {}): Figure {
  const name = 'surrogates';
  const title = 'Exponents beside those of null models';
  const rows = rowsOf(tables, 'surrogate');
  const labels = new Map(seriesOf(tables, rows).map(({ ensemble, label }) => [ensemble, label]));
  const kinds = [source, ...new Set(rows.map((row) => textOf(row, 'surrogate')))];
  const panels = quantitiesOf(fit).flatMap(([exponent, axis]) => {
    const points = rows
      .filter((row) => textOf(row, 'exponent') === exponent)
      .flatMap((row) => {
        const label = labels.get(numberOf(row, 'ensemble')) ?? '';
        return [...point(row, label, 'measured', source), ...point(row, label, 'null_model', textOf(row, 'surrogate'))];
      });
    const unique = [...new Map(points.map((one) => [`${one.label}|${one.source}`, one])).values()];
    if (unique.length === 0) return [];
    // An error may be as large as it likes: the panel shows where the values are.
    const values = unique.map(({ value }) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = 0.15 * (high - low) + 0.05;
    const scale = (range: string[]): Record<string, unknown> => ({ domain: kinds, range });
    const color = {
      field: 'source',
      type: 'nominal',
      scale: scale(seriesColors(kinds.length)),
      legend: { title: null },
    };
    const x = {
      type: 'quantitative',
      axis: { title: axis, tickCount: 5 },
      scale: { domain: [low - room, high + room], nice: false, zero: false },
    };
    const y = { field: 'label', type: 'nominal', sort: null, axis: { title: null }, scale: { padding: 0.3 } };
    const yOffset = { field: 'source', type: 'nominal', sort: kinds };
    return [
      {
        width: 240,
        height: { step: 12 },
        data: { values: unique },
        encoding: { y, yOffset, color },
        layer: [
          {
            mark: { type: 'rule', strokeWidth: 1.2, clip: true },
            encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' } },
          },
          {
            mark: { type: 'point', filled: true, size: 45, opacity: 1, clip: true },
            encoding: {
              x: { ...x, field: 'value' },
              shape: { ...color, scale: scale(seriesShapes(kinds.length)) },
            },
          },
        ],
      },
    ];
  });
  if (panels.length === 0) {
    return emptyFigure(name, title, 'No exponents to draw: no ensemble and its null model had enough avalanches.');
  }
  return {
    name,
    title,
    caption: kinds.some(isOfWeights)
      ? 'What is measured on the networks, and on networks whose weights have lost what was learned: in random places of each layer, or Gaussian of the same mean and variance in each layer. Bars are jackknife standard errors.'
      : "What is measured on the networks' signals, and on signals of null models that went through the same detector and fits: Gaussian with the same layer means and covariance, with random phases, shuffled. An exponent that its null model has too is no evidence for the dynamics. Bars are jackknife standard errors.",
    spec: themed({ concat: panels, columns: 2, spacing: 24 }),
  };
}
