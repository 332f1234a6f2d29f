import { cracklingFindings, type Saying } from './crackling-findings.ts';
import { markOf } from './footing-summary.ts';
import { gammaWords, sizeWords } from './size-words.ts';
import type { Summary } from './summary.ts';
import { measured, perEnsemble, signed } from './summary-cells.ts';
import { estimateOf, numberOf, type Row, rowsOf, type Tables } from './table-row.ts';

const exponents = ['tau', 'alpha', 'gamma_scaling', 'gamma_collapse', 'gamma_predicted'];

const inPlace =
  'Growth rate: mean of ln s in the next layer less that in an active one; near 0 at criticality. Too few large avalanches carry the branching ratio.';

const sigmas = (row: Row): number => numberOf(row, 'mismatch_sigmas');

function mismatch(row: Row): string {
  const away = Number.isFinite(sigmas(row)) ? `  ${Math.abs(sigmas(row)).toFixed(1)} σ` : '';
  return `${measured(row, 'mismatch')}${away}`;
}

/**
 * Exponents with errors, the crackling prediction and how far it is off, branching ratio and growth rate where they were measured: one row an ensemble. In
 * brief the growth rate stands in place of branching ratios of which any has no error.
 * @param saying what verdicts allow for and ask for, and what γ was fitted to
 */
export function exponentsSummary(tables: Tables, saying: Partial<Saying> = {}): Summary {
  const branching = rowsOf(tables, 'exponents').some((row) => estimateOf(row, 'branching_ratio') !== undefined);
  const growth = rowsOf(tables, 'exponents').some((row) => estimateOf(row, 'growth_rate') !== undefined);
  const mark = (row: Row, name: string): string => (name === 'tau' || name === 'alpha' ? markOf(row, name) : '');
  const found = (row: Row): string[] => exponents.map((name) => `${measured(row, name)}${mark(row, name)}`);
  const ratio = (row: Row): string[] => (branching ? [measured(row, 'branching_ratio')] : []);
  const rate = (row: Row): string[] => (growth ? [measured(row, 'growth_rate')] : []);
  const without = rowsOf(tables, 'exponents').some(
    (row) =>
      Number.isFinite(numberOf(row, 'branching_ratio')) && !Number.isFinite(numberOf(row, 'branching_ratio_error')),
  );
  const noError = without
    ? 'A branching ratio without an error rests on too few large avalanches, and mostly lies too near 1.'
    : '';
  const rows = perEnsemble(tables, 'exponents', (row) => [
    ...found(row),
    measured(row, 'mismatch'),
    signed(sigmas(row)),
    ...ratio(row),
    ...rate(row),
  ]);
  const gamma = gammaWords(saying);
  const instead = without && growth;
  const { meaning } = sizeWords(tables);
  const about = branching
    ? ` Branching ratio: strength handed on from an active layer to the next; near 1 at criticality (where ln s has no drift, the mean gain of a linear layer is 1 + 1/(4N)).${noError === '' ? '' : ` ${noError}`}`
    : '';
  const aboutGrowth = growth
    ? ' Growth rate: mean of ln s in the next layer less that in an active one, steps that end an avalanche included; near 0 at criticality (−1/(2N) for a linear layer at σw² = 1).'
    : '';
  return {
    id: 'exponents',
    title: 'Exponents',
    caption: `P(S) ∝ S^−τ, P(D) ∝ D^−α, ${gamma.symbol} ∝ D^γ. Sizes are ${meaning}. Brackets: standard error of the last digits.${about}${aboutGrowth}`,
    head: [
      ...['Ensemble', 'τ', 'α', `γ, ${gamma.one}`, 'γ, collapse', '(α − 1)/(τ − 1)', 'Mismatch', 'in σ'],
      ...(branching ? ['Branching ratio'] : []),
      ...(growth ? ['Growth rate'] : []),
    ],
    rows,
    findings: cracklingFindings(tables, saying),
    brief: {
      head: [
        ...['ensemble', 'τ', 'α', 'γ', 'γ collapse', 'γ predicted', 'mismatch'],
        ...(instead ? ['growth rate'] : branching ? ['branching'] : []),
      ],
      rows: perEnsemble(tables, 'exponents', (row) => [
        ...found(row),
        mismatch(row),
        ...(instead ? rate(row) : ratio(row)),
      ]),
      lines: ['', `Sizes are ${meaning}.`, ...(instead ? [inPlace] : noError === '' ? [] : [noError])],
    },
  };
}
