import { className } from './class-style.ts';
import { classesInWords, classVerdict, incomparableInWords, tiesOf } from './class-verdict.ts';
import { seriesOf } from './series.ts';
import type { Summary } from './summary.ts';
import { shown } from './summary-cells.ts';
import { groupRows, numberOf, rowsOf, type Tables, textOf } from './table-row.ts';

/** Classes of an ensemble that are shown, beside all that its exponents allow. */
const most = 4;

/** Which universality classes the exponents allow, and which come nearest; in a terminal in words, one line an ensemble. */
export function universalitySummary(tables: Tables): Summary {
  const labels = new Map(seriesOf(tables, rowsOf(tables, 'exponents')).map(({ ensemble, label }) => [ensemble, label]));
  const labelOf = (ensemble: number): string => labels.get(ensemble) ?? '1/N → 0';
  const groups = [...groupRows(rowsOf(tables, 'universality'), 'ensemble')];
  const left = incomparableInWords(groups[0]?.[1] ?? []);
  return {
    id: 'universality',
    title: 'Universality classes',
    caption: `Nearest classes by their joint χ², and every class that is not excluded at the 5 % level by statistical and systematic errors. Classes that are tied can’t be told apart by these exponents. *: exponents not yet checked against their source.${left === '' ? '' : ` ${left[0]!.toUpperCase()}${left.slice(1)}.`}`,
    head: ['Ensemble', 'Class', 'τ', 'α', 'γ', 'Largest difference', 'χ²', 'p', 'Tied with'],
    rows: groups.flatMap(([ensemble, own]) => {
      const { comparable, allowed } = classVerdict(own);
      return comparable
        .filter((row, i) => i < most || allowed.includes(row))
        .map((row) => [
          labelOf(ensemble),
          `${className(textOf(row, 'class'))}${textOf(row, 'basis') === 'indicative' ? ' *' : ''}`,
          ...['tau', 'alpha', 'gamma'].map((name) => shown(numberOf(row, name), 4)),
          shown(numberOf(row, 'largest_difference'), 2),
          shown(numberOf(row, 'chi_square')),
          shown(numberOf(row, 'p_value'), 2),
          tiesOf(row).join(', ') || '–',
        ]);
    }),
    brief: {
      lines: [
        'universality classes not excluded at the 5 % level, by statistical and systematic errors (all in table universality):',
        ...groups.map(([ensemble, own]) => `  ${labelOf(ensemble)}: ${classesInWords(own)}`),
        ...(left === '' ? [] : [`  ${left}`]),
      ],
    },
  };
}
