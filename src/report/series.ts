import { controlName, isOfWeights } from './control-name.ts';
import { textWidth } from './glyph-width.ts';
import { plainNumber } from './quantity.ts';
import { groupRows, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { panelSize, seriesColors, seriesShapes } from './theme.ts';

/** One ensemble as a figure shows it. */
export interface Series {
  readonly ensemble: number;
  /** What sets it apart from the others: `N = 128`, `σw² = 1.02`, `relu, N = 128`. */
  readonly label: string;
  readonly width: number;
  readonly color: string;
  readonly shape: string;
}

const traits: readonly [column: string, symbol: string][] = [
  ['run', ''],
  ['model', ''],
  ['activation', ''],
  ['engine', ''],
  ['width', 'N = '],
  ['surrogate', 'surrogate: '],
  ['weight_variance', 'σw² = '],
  ['bias_variance', 'σb² = '],
  ['threshold', 'k = '],
  ['reuse', 'R = '],
];

function trait(row: Row, column: string, symbol: string): string {
  const value = row[column];
  if (column === 'surrogate' && typeof value === 'string' && isOfWeights(value)) return controlName(value);
  if (typeof value === 'string') return value === '' ? '' : symbol + value;
  const number = numberOf(row, column);
  return Number.isNaN(number) ? '' : symbol + plainNumber(number);
}

/**
 * The ensembles of some rows, in the order of width, then number, each with a label made of the columns in which they differ.
 * Columns come from the rows and, where it is there, from the `ensemble` table. Weight variances that follow from the width
 * (σw² = 1 + 1/N) are left out when widths already tell all ensembles apart.
 */
export function seriesOf(tables: Tables, rows: readonly Row[]): Series[] {
  const described = new Map(rowsOf(tables, 'ensemble').map((row) => [numberOf(row, 'ensemble'), row]));
  const found = [...groupRows(rows, 'ensemble')].map(([ensemble, group]) => ({
    ensemble,
    row: { ...group[0], ...described.get(ensemble) } as Row,
  }));
  found.sort((a, b) => (numberOf(a.row, 'width') || 0) - (numberOf(b.row, 'width') || 0) || a.ensemble - b.ensemble);
  let labels = found.map(() => '');
  for (const [column, symbol] of traits) {
    if (found.length === 1 && (column === 'activation' || column === 'engine') && numberOf(found[0]!.row, 'width') > 0)
      continue;
    if (new Set(labels).size === found.length && labels[0] !== '') break;
    const own = found.map(({ row }) => trait(row, column, symbol));
    const values =
      column === 'surrogate' && own.some((text) => text !== '') ? own.map((text) => text || 'measured') : own;
    if (found.length > 1 && new Set(values).size === 1) continue;
    labels = labels.map((text, i) => [text, values[i]].filter((part) => part !== '').join(', '));
    if (found.length === 1 && column === 'width' && labels[0] !== '') break;
  }
  if (new Set(labels).size < found.length) {
    labels = labels.map((text, i) => [text, `ensemble ${found[i]?.ensemble}`].filter((part) => part !== '').join(', '));
  }
  const colors = seriesColors(found.length);
  const marks = seriesShapes(found.length);
  return found.map(({ ensemble, row }, i) => ({
    ensemble,
    label: labels[i] || `ensemble ${ensemble}`,
    width: numberOf(row, 'width'),
    color: colors[i] ?? '#000000',
    shape: marks[i] ?? 'circle',
  }));
}

/** Colour and shape channels for series under their (possibly longer) legend texts, on the nominal field `series`. */
export function seriesChannels(
  series: readonly Series[],
  texts: readonly string[],
  legend: Record<string, unknown> | null,
): { color: Record<string, unknown>; shape: Record<string, unknown> } {
  const channel = (range: string[]): Record<string, unknown> => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: texts, range },
    legend: legend === null ? null : { title: null, ...legend },
  });
  return { color: channel(series.map((s) => s.color)), shape: channel(series.map((s) => s.shape)) };
}

/** A legend in a corner of a panel that its series leave free; beside the panel, where they are many or their texts reach over half of it. */
export function legendIn(corner: string, texts: readonly string[]): Record<string, unknown> {
  const widest = Math.max(0, ...texts.map((text) => textWidth(text, 12)));
  return { orient: texts.length > 5 || widest > 0.55 * panelSize.width ? 'right' : corner };
}

/** The row of the `fit` table for one ensemble, observable, model and parameter. */
export function fitRow(
  tables: Tables,
  ensemble: number,
  observable: string,
  model = 'power_law',
  parameter = 'exponent',
): Row | undefined {
  return rowsOf(tables, 'fit').find(
    (row) =>
      numberOf(row, 'ensemble') === ensemble &&
      textOf(row, 'observable') === observable &&
      textOf(row, 'model') === model &&
      textOf(row, 'parameter') === parameter,
  );
}
