import type { Finding } from './finding.ts';
import { relationResolution } from './relation-verdict.ts';
import type { Summary } from './summary.ts';
import { measured, quantityOf, shown, signed } from './summary-cells.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

/** @param resolution largest share of α that its error may be for agreement to say something */
function walkFindings(all: readonly Row[], resolution: number): Finding[] {
  const off = (row: Row): number => Math.abs(numberOf(row, 'alpha_deviation'));
  const rows = all.filter((row) => Number.isFinite(off(row)));
  if (rows.length === 0) return [];
  const names = (some: readonly Row[]): string => some.map((row) => textOf(row, 'activation')).join(', ');
  const near = rows.filter((row) => off(row) < 2);
  const open = near.filter((row) => !(numberOf(row, 'alpha_error') <= resolution * numberOf(row, 'alpha_theory')));
  const apart = rows.filter((row) => off(row) >= 3);
  const [left, away] = [
    open.length === 0
      ? ''
      : `; it is left open for ${names(open)}, whose ${open.length === 1 ? 'error is' : 'errors are'} too large`,
    apart.length === 0 ? '' : `; it is more than three away for ${names(apart)}`,
  ];
  return [
    {
      sentence: `α agrees with first returns of a random walk to two standard errors for ${near.length - open.length} of ${rows.length} ${rows.length === 1 ? 'activation' : 'activations'}${left}${away}.`,
      quantities: all.map((row) => ({
        ...quantityOf(row, 'alpha'),
        of: textOf(row, 'activation'),
        from: numberOf(row, 'duration_min'),
        to: numberOf(row, 'duration_max'),
      })),
    },
  ];
}

/**
 * Durations against the random-walk theory.
 * @param resolution largest share of α that its error may be for agreement to say something
 */
export function randomWalkSummary(tables: Tables, resolution = relationResolution): Summary {
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
    findings: walkFindings(rowsOf(tables, 'random_walk'), resolution),
    brief: {
      head: ['random walk', 'durations', 'α', 'α theory', 'off by σ', 'γ', 'γ beyond N'],
      rows: rows.map((row) => row.slice(0, -1)),
    },
  };
}
