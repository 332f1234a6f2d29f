import { signed } from './concise.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { type GammaFit, gammaWords } from './size-words.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { faint, palette, themed } from './theme.ts';

const panelsOf = (fit: GammaFit): readonly (readonly [exponent: string, title: string])[] => [
  ['tau', 'τ − known (sizes)'],
  ['alpha', 'α − known (durations)'],
  ['gamma', `γ − known (${gammaWords(fit).of})`],
];

/** An upright line, as a symbol that a legend can show. */
const tick = 'M0,-1L0,1';

/** Differences beyond this are drawn at the edge, as off the scale. */
const edge = 0.25;
const kinds = ['measured', 'off the scale, lower', 'off the scale, higher', 'same fit on the exact law'];
const [inside, lower, higher, exact] = kinds;
const shapes = ['circle', 'triangle-left', 'triangle-right', tick];

interface Point {
  readonly process: string;
  readonly kind: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function pointOf(row: Row): Point[] {
  const difference = numberOf(row, 'measured') - numberOf(row, 'known');
  if (!Number.isFinite(difference)) return [];
  const error = numberOf(row, 'error') || 0;
  const value = Math.max(-edge, Math.min(edge, difference));
  const kind = value === difference ? inside : difference < 0 ? lower : higher;
  return [{ process: textOf(row, 'process'), kind: kind!, value, low: difference - error, high: difference + error }];
}

/** What lies off the scale, beside its arrow. */
const offScale = (row: Row): object[] =>
  pointOf(row)
    .filter(({ kind }) => kind !== inside)
    .map(({ process, kind, value }) => ({
      process,
      value,
      side: kind,
      text: signed((numberOf(row, 'measured') - numberOf(row, 'known')).toFixed(2)),
    }));

function finiteSizeOf(row: Row): { process: string; kind: string; value: number }[] {
  const value = numberOf(row, 'finite_size') - numberOf(row, 'known');
  return Math.abs(value) <= edge ? [{ process: textOf(row, 'process'), kind: exact!, value }] : [];
}

/**
 * How far measured exponents are from the known ones, one panel an exponent, one line a process; ticks mark what the same fit finds on the exact law.
 * Reads table `known_exponents`.
 */
export function knownExponentsFigure(tables: Tables, fit: GammaFit = {}): Figure {
  const name = 'known-exponents';
  const title = 'Measured exponents minus known ones';
  const rows = rowsOf(tables, 'known_exponents');
  if (rows.every((row) => pointOf(row).length === 0)) {
    return emptyFigure(name, title, 'No exponents to draw: no process had enough avalanches.');
  }
  const found = new Set(rows.flatMap(pointOf).map(({ kind }) => kind));
  if (rows.some((row) => finiteSizeOf(row).length > 0)) found.add(exact!);
  const shownKinds = kinds.filter((kind) => found.has(kind));
  const own = (range: readonly (string | undefined)[]) => range.filter((_, i) => found.has(kinds[i]!));
  const order = [...new Set(rows.map((row) => textOf(row, 'process')))];
  const y = { field: 'process', type: 'nominal', sort: null, scale: { domain: order, padding: 0.4 } };
  const panels = panelsOf(fit).map(([exponent, label], i) => {
    const rowsHere = rows.filter((row) => textOf(row, 'exponent') === exponent);
    const x = {
      type: 'quantitative',
      axis: { title: label, tickCount: 5 },
      scale: { domain: [-edge, edge], nice: false },
    };
    const axis = { title: null, grid: false, labelLimit: 300, ...(i === 0 ? {} : { labels: false, ticks: false }) };
    const color = {
      field: 'kind',
      type: 'nominal',
      scale: { domain: shownKinds, range: own([palette[0], palette[1], palette[1], faint]) },
      legend: i === 0 ? { title: null, orient: 'bottom', symbolSize: 80, symbolStrokeWidth: 2 } : null,
    };
    const shape = { ...color, scale: { domain: shownKinds, range: own(shapes) } };
    return {
      width: 215,
      height: { step: 26 },
      encoding: { y: { ...y, axis } },
      layer: [
        {
          data: { values: [{ zero: 0 }] },
          mark: { type: 'rule', color: faint, strokeDash: [4, 3] },
          encoding: { x: { ...x, field: 'zero' }, y: null },
        },
        {
          data: { values: rowsHere.flatMap(finiteSizeOf) },
          mark: { type: 'point', strokeWidth: 2, size: 60, opacity: 1 },
          encoding: { x: { ...x, field: 'value' }, color, shape },
        },
        {
          data: { values: rowsHere.flatMap(pointOf) },
          mark: { type: 'rule', strokeWidth: 1.2, clip: true },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, color },
        },
        {
          data: { values: rowsHere.flatMap(pointOf) },
          mark: { type: 'point', filled: true, size: 45, opacity: 1 },
          encoding: {
            x: { ...x, field: 'value' },
            color,
            shape,
          },
        },
        ...[lower, higher].map((side) => ({
          data: { values: rowsHere.flatMap(offScale).filter((one) => (one as { side: string }).side === side) },
          mark: {
            type: 'text',
            align: side === lower ? 'left' : 'right',
            baseline: 'bottom',
            dx: side === lower ? 3 : -3,
            dy: -3,
            fontSize: 11,
            color: palette[1],
          },
          encoding: { x: { ...x, field: 'value' }, text: { field: 'text', type: 'nominal' } },
        })),
      ],
    };
  });
  return {
    name,
    title,
    caption:
      'Differences between measured and known exponents, with jackknife standard errors; what lies off the scale is an arrow at its edge, with its value. Grey ticks: what the same fit in the same window finds on the exact law of the process, where that is known; exponents are reached slowly, and a good measurement lies on the tick. Sizes summed from zero are a negative control and should be off.',
    spec: themed({ hconcat: panels, spacing: 16 }),
  };
}
