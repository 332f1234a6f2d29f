import type { Finding } from './finding.ts';
import type { Summary } from './summary.ts';
import { measured, quantityOf, shown, signed } from './summary-cells.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

function walkFindings(rows: readonly Row[]): Finding[] {
  const off = rows.map((row) => Math.abs(numberOf(row, 'alpha_deviation'))).filter(Number.isFinite);
  if (off.length === 0) return [];
  const apart = rows
    .filter((row) => Math.abs(numberOf(row, 'alpha_deviation')) >= 3)
    .map((row) => textOf(row, 'activation'));
  return [
    {
      sentence: `α agrees with first returns of a random walk to two standard errors for ${off.filter((sigmas) => sigmas < 2).length} of ${off.length} activations${apart.length === 0 ? '' : `, and is more than three away for ${apart.join(', ')}`}.`,
      quantities: rows.map((row) => ({
        ...quantityOf(row, 'alpha'),
        of: textOf(row, 'activation'),
        from: numberOf(row, 'duration_min'),
        to: numberOf(row, 'duration_max'),
      })),
    },
  ];
}

/** Durations against the random-walk theory. */
export function randomWalkSummary(tables: Tables): Summary {
  const rows = rowsOf(tables, 'random_walk').map((row) => [
    textOf(row, 'activation'),
    `${numberOf(row, 'duration_min')}–${numberOf(row, 'duration_max')}`,
    measured(row, 'alpha'),
    shown(numberOf(row, 'alpha_theory'), 4),
    signed(numberOf(row, 'alpha_deviation')),
    measured(row, 'gamma'),
    measured(row, 'gamma_beyond'),
    shown(numberOf(row, 'trap')),
  ]);
  return {
    id: 'random-walk',
    title: 'Random-walk theory',
    caption:
      'α in a window of durations 1 ≪ D ≪ N, beside what the same fit finds on first returns of a symmetric walk, which tend to D^−3/2.',
    head: ['Activation', 'Durations', 'α', 'α, theory', 'Off by σ', 'γ', 'γ beyond N layers', 'Drift per q'],
    rows,
    findings: walkFindings(rowsOf(tables, 'random_walk')),
    brief: {
      head: ['random walk', 'durations', 'α', 'α theory', 'off by σ', 'γ', 'γ beyond N'],
      rows: rows.map((row) => row.slice(0, -1)),
    },
  };
}
