import type { Finding } from './finding.ts';
import { distinct } from './phase-plane.ts';
import { gridNumbers, plainNumber } from './quantity.ts';
import type { Summary } from './summary.ts';
import { shown } from './summary-cells.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

/** Bias variances that a summary of the phase diagram has room for. */
const most = 11;

/** The cell of a row in which a column is largest, a divergence above all; undefined where it is known of too few. */
function peakCell(row: readonly Row[], column: string): Row | undefined {
  const found = row.filter((cell) => !Number.isNaN(numberOf(cell, column)));
  if (found.length < 3) return undefined;
  return found.reduce((best, cell) => (numberOf(cell, column) > numberOf(best, column) ? cell : best));
}

/** The weight variance of this cell; NaN where there is none, or nothing is susceptible. */
function ridge(row: readonly Row[], column: string): number {
  const peak = peakCell(row, column) ?? {};
  return numberOf(peak, column) > 0 ? numberOf(peak, 'weight_variance') : Number.NaN;
}

/** The largest distance between neighbouring weight variances of a row. */
function stepOf(row: readonly Row[]): number {
  const at = row.map((cell) => numberOf(cell, 'weight_variance')).sort((a, b) => a - b);
  return Math.max(...at.slice(1).map((x, i) => x - at[i]!));
}

const ridgeColumns = ['susceptibility', 'size_susceptibility', 'chi_weight_variance'] as const;

const fewer = 'fewer than three cells have a susceptibility';

/** The weight variance of this cell in words, with a remark where the row ends there, so that the peak may lie beyond. */
function ridgeWords(row: readonly Row[], column: string): string | undefined {
  const at = ridge(row, column);
  if (!Number.isFinite(at)) return undefined;
  const all = row.map((cell) => numberOf(cell, 'weight_variance'));
  const last = at === Math.max(...all) ? 'highest' : at === Math.min(...all) ? 'lowest' : undefined;
  return `${shown(at, 6)}${last === undefined ? '' : ` (the ${last} of the grid: the peak may lie beyond)`}`;
}

/** What becomes of signals in theory where no cell has a susceptibility above 0. */
function stillWords(row: readonly Row[]): string {
  const endless = row.filter((cell) => numberOf(cell, 's_star') === Infinity);
  if (endless.length === 0) return 'the susceptibility is 0 in every cell: signals die out';
  const from = Math.min(...endless.map((cell) => numberOf(cell, 'weight_variance')));
  return `no cell has a susceptibility above 0: signals grow without bound from σw² = ${shown(from, 4)} on, and die out below`;
}

/** Where theory is most susceptible at a bias variance: on the Widom-like line, and where that has no point, in which cell. */
function ridgeInTheory(row: readonly Row[], curves: readonly Row[]): { readonly at: number; readonly words: string } {
  const bias = numberOf(row[0]!, 'bias_variance');
  const point = curves.find(
    (one) => textOf(one, 'curve') === 'widom-weight-variance' && numberOf(one, 'bias_variance') === bias,
  );
  const verb = (top: number): string => `the susceptibility ${top === Infinity ? 'diverges' : 'peaks'} at`;
  if (point !== undefined) {
    const at = numberOf(point, 'weight_variance');
    return { at, words: `${verb(numberOf(point, 'value'))} ${shown(at, 4)}` };
  }
  const column = 'chi_weight_variance';
  const found = ridgeWords(row, column);
  const top = numberOf(peakCell(row, column) ?? {}, column);
  const none = top === 0 ? stillWords(row) : fewer;
  return { at: ridge(row, column), words: found === undefined ? none : `${verb(top)} ${found}` };
}

function ridgeFindings(rows: readonly (readonly Row[])[], curves: readonly Row[]): Finding[] {
  return rows.slice(0, 1).map((row) => {
    const bias = numberOf(row[0]!, 'bias_variance');
    const theory = ridgeInTheory(row, curves);
    const at = [ridge(row, 'susceptibility'), ridge(row, 'size_susceptibility'), theory.at];
    const [strength, size] = [ridgeWords(row, 'susceptibility'), ridgeWords(row, 'size_susceptibility')];
    const found = [
      strength === undefined
        ? `${fewer} of the signal strength`
        : `the signal strength is most susceptible to the weight variance at σw² = ${strength}`,
      size === undefined ? `${fewer} of the mean avalanche size` : `the mean avalanche size at ${size}`,
    ];
    return {
      sentence: `At σb² = ${plainNumber(bias)} ${found.join(', ')}; in theory (N → ∞) ${theory.words}. The grid has steps of ${shown(stepOf(row))}.`,
      quantities: ridgeColumns.map((column, i) => ({
        quantity: 'weight_variance',
        of: `peak of ${column} at bias variance ${bias}`,
        value: at[i]!,
      })),
    };
  });
}

/** Where strength and mean avalanche size of finite networks are most susceptible to σw², beside the Widom-like line. */
export function ridgesSummary(tables: Tables): Summary {
  const cells = rowsOf(tables, 'phase');
  const all = distinct(cells.map((row) => numberOf(row, 'bias_variance')));
  const shownBias = gridNumbers(all);
  const biases = all.filter((_, i) => all.length <= most || i % Math.ceil(all.length / most) === 0);
  const rows = biases.map((bias) => cells.filter((row) => numberOf(row, 'bias_variance') === bias));
  return {
    id: 'ridges',
    title: 'Where finite networks are most susceptible to σw²',
    caption:
      'Cell of each bias variance in which the susceptibility is largest: of the signal strength, of the mean avalanche size, and in theory (N → ∞). Resolution is limited by the grid.',
    head: ['Bias variance', '∂⟨s⟩/∂σw²', 'd⟨S⟩/dσw²', '∂s*/∂σw², theory'],
    rows: rows
      .filter((row) => row.length >= 3)
      .map((row) => [
        `σb² = ${shownBias(numberOf(row[0]!, 'bias_variance'))}`,
        ...ridgeColumns.map((column) => shown(ridge(row, column), 6)),
      ]),
    findings: ridgeFindings(
      rows.filter((row) => row.length >= 3),
      rowsOf(tables, 'phase_curve'),
    ),
  };
}
