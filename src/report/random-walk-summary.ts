import type { Summary } from './summary.ts';
import { measured, shown } from './summary-cells.ts';
import { numberOf, rowsOf, type Tables, textOf } from './table-row.ts';

/** Durations against the random-walk theory. */
export function randomWalkSummary(tables: Tables): Summary {
  const rows = rowsOf(tables, 'random_walk').map((row) => [
    textOf(row, 'activation'),
    `${numberOf(row, 'duration_min')}–${numberOf(row, 'duration_max')}`,
    measured(row, 'alpha'),
    shown(numberOf(row, 'alpha_theory'), 4),
    Number.isFinite(numberOf(row, 'alpha_deviation')) ? numberOf(row, 'alpha_deviation').toFixed(1) : '–',
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
    brief: {
      head: ['random walk', 'durations', 'α', 'α theory', 'off by σ', 'γ', 'γ beyond N'],
      rows: rows.map((row) => row.slice(0, -1)),
    },
  };
}
