import { className } from './class-style.ts';
import { classesInWords, classVerdict, incomparableInWords, tiesOf, undecidedClasses } from './class-verdict.ts';
import { isRefuted } from './finite-size-summaries.ts';
import { thinMark } from './footing-summary.ts';
import { seriesOf } from './series.ts';
import type { Summary } from './summary.ts';
import { shown } from './summary-cells.ts';
import { groupRows, numberOf, rowsOf, type Tables, textOf } from './table-row.ts';

/** Classes of an ensemble that are shown, beside all that its exponents don't exclude. */
const most = 4;

/** What classes at infinite width are held against, by column of the `exponents` table. */
const extrapolated: Readonly<Record<string, string>> = { tau: 'τ', alpha: 'α', gamma_scaling: 'γ' };

/** Which universality classes the exponents don't exclude, and which come nearest; in a terminal in words, one line an ensemble. */
export function universalitySummary(tables: Tables): Summary {
  const labels = new Map(seriesOf(tables, rowsOf(tables, 'exponents')).map(({ ensemble, label }) => [ensemble, label]));
  const labelOf = (ensemble: number): string => labels.get(ensemble) ?? '1/N → 0';
  const groups = [...groupRows(rowsOf(tables, 'universality'), 'ensemble')];
  const measured = rowsOf(tables, 'exponents').filter((row) => textOf(row, 'surrogate') === '');
  /** Of an ensemble, or of all of them where exponents are extrapolated from these. */
  const undecided = (ensemble: number): string => {
    if (labels.has(ensemble)) return undecidedClasses(measured.filter((row) => numberOf(row, 'ensemble') === ensemble));
    const thin = measured.filter((row) => undecidedClasses([row]) !== '');
    const where = thin.map((row) => labelOf(numberOf(row, 'ensemble'))).join(', ');
    if (thin.length > 0) return `at ${where} ${undecidedClasses(thin)}`;
    const bent = rowsOf(tables, 'extrapolation')
      .filter((row) => textOf(row, 'approach') === 'line' && isRefuted(row))
      .flatMap((row) => extrapolated[textOf(row, 'exponent')] ?? []);
    return bent.length === 0 ? '' : `a line in 1/N doesn't describe ${bent.join(', ')}`;
  };
  const left = incomparableInWords(groups[0]?.[1] ?? []);
  return {
    id: 'universality',
    title: 'Universality classes',
    caption: `Nearest classes by their joint χ², and every class that is not excluded at the 5 % level by statistical and systematic errors. Classes that are tied can't be told apart by these exponents. ${thinMark}: not decided, as no fit window passes the goodness-of-fit test, another law fits clearly better, an exponent is poorly constrained (fewer than 100 values, or less than one decade), or a line in 1/N doesn't describe it. *: exponents not yet checked against their source.${left === '' ? '' : ` ${left[0]!.toUpperCase()}${left.slice(1)}.`}`,
    head: ['Ensemble', 'Class', 'τ', 'α', 'γ', 'Largest difference', 'χ²', 'p', 'Tied with'],
    rows: groups.flatMap(([ensemble, own]) => {
      const { comparable, allowed } = classVerdict(own);
      return comparable
        .filter((row, i) => i < most || allowed.includes(row))
        .map((row) => [
          `${labelOf(ensemble)}${undecided(ensemble) === '' ? '' : ` ${thinMark}`}`,
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
        ...groups.map(([ensemble, own]) => {
          const why = undecided(ensemble);
          return `  ${labelOf(ensemble)}: ${why === '' ? classesInWords(own) : `not decided: ${why}`}`;
        }),
        ...(left === '' ? [] : [`  ${left}`]),
      ],
    },
  };
}
