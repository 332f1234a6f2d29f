import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { faint, palette, themed } from './theme.ts';

const panelsOf: readonly [exponent: string, title: string][] = [
  ['tau', 'τ − known (sizes)'],
  ['alpha', 'α − known (durations)'],
  ['gamma', 'γ − known (mean sizes)'],
];

/** A short upright line, as a symbol that a legend can show. */
const tick = 'M0,-0.5L0,0.5';

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

function finiteSizeOf(row: Row): { process: string; kind: string; value: number }[] {
  const value = numberOf(row, 'finite_size') - numberOf(row, 'known');
  return Math.abs(value) <= edge ? [{ process: textOf(row, 'process'), kind: exact!, value }] : [];
}

/**
 * How far measured exponents are from the known ones, one panel an exponent, one line a process; ticks mark what the same fit finds on the exact law.
 * Reads table `known_exponents`.
 */
export function knownExponentsFigure(tables: Tables): Figure {
  const name = 'known-exponents';
  const title = 'Measured exponents minus known ones';
  const rows = rowsOf(tables, 'known_exponents');
  if (rows.every((row) => pointOf(row).length === 0)) {
    return emptyFigure(name, title, 'No exponents to draw: no process had enough avalanches.');
  }
  const order = [...new Set(rows.map((row) => textOf(row, 'process')))];
  const y = { field: 'process', type: 'nominal', sort: null, scale: { domain: order, padding: 0.4 } };
  const panels = panelsOf.map(([exponent, label], i) => {
    const own = rows.filter((row) => textOf(row, 'exponent') === exponent);
    const x = {
      type: 'quantitative',
      axis: { title: label, tickCount: 5 },
      scale: { domain: [-edge, edge], nice: false },
    };
    const axis = { title: null, grid: false, labelLimit: 300, ...(i === 0 ? {} : { labels: false, ticks: false }) };
    const color = {
      field: 'kind',
      type: 'nominal',
      scale: { domain: kinds, range: [palette[0], palette[1], palette[1], faint] },
      legend: i === 0 ? { title: null } : null,
    };
    const shape = { ...color, scale: { domain: kinds, range: shapes } };
    return {
      width: 230,
      height: { step: 24 },
      encoding: { y: { ...y, axis } },
      layer: [
        {
          data: { values: [{ zero: 0 }] },
          mark: { type: 'rule', color: faint, strokeDash: [4, 3] },
          encoding: { x: { ...x, field: 'zero' }, y: null },
        },
        {
          data: { values: own.flatMap(finiteSizeOf) },
          mark: { type: 'point', strokeWidth: 2, size: 200, opacity: 1 },
          encoding: { x: { ...x, field: 'value' }, color, shape },
        },
        {
          data: { values: own.flatMap(pointOf) },
          mark: { type: 'rule', strokeWidth: 1.2, clip: true },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, color },
        },
        {
          data: { values: own.flatMap(pointOf) },
          mark: { type: 'point', filled: true, size: 45, opacity: 1 },
          encoding: {
            x: { ...x, field: 'value' },
            color,
            shape,
          },
        },
      ],
    };
  });
  return {
    name,
    title,
    caption:
      'Differences between measured and known exponents, with jackknife standard errors. Grey ticks: what the same fit in the same window finds on the exact law of the process, where that is known; exponents are reached slowly, and a good measurement lies on the tick. Sizes summed from zero are a negative control and should be off.',
    spec: themed({ hconcat: panels, spacing: 16 }),
  };
}
