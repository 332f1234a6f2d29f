import { className } from './class-style.ts';
import { undecidedClasses } from './class-verdict.ts';
import { withError } from './concise.ts';
import type { Finding } from './finding.ts';
import { plainNumber } from './quantity.ts';
import type { Brief, Summary } from './summary.ts';
import { signed } from './summary-cells.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

const symbols: Readonly<Record<string, string>> = { tau: 'τ', alpha: 'α', gamma: 'γ' };

const shown = (value: number, digits = 4): string => (Number.isFinite(value) ? plainNumber(value, digits) : '–');

function classShown(row: Row, exponents: readonly Row[]): string {
  const why = undecidedClasses(exponents.filter((one) => numberOf(one, 'ensemble') === numberOf(row, 'ensemble')));
  if (why !== '') return `not decided: ${why}`;
  if (textOf(row, 'class_named') === '') return '–';
  const named = className(textOf(row, 'class_named'));
  const known = className(textOf(row, 'class_known'));
  if (known === '') return `none known (nearest ${named})`;
  if (row.class_right === true) return `${known}, right`;
  const p = numberOf(row, 'class_p_value');
  return p >= 0.05 ? `${named} (${known} not excluded, p = ${p.toPrecision(2)})` : `${named}, wrong`;
}

/** Of the negative control: an exponent that must not be found. */
const isNegative = (row: Row): boolean => /^(fails|agrees|left open), /.test(textOf(row, 'verdict'));

const leftOpen = (n: number): string =>
  n === 0
    ? ''
    : `; ${n} ${n === 1 ? 'is' : 'are'} left open, for ${n === 1 ? 'its error is' : 'their errors are'} too large`;

function knownFindings(rows: readonly Row[]): Finding[] {
  const measuredRows = rows.filter((row) => textOf(row, 'verdict') !== 'not measured');
  const [negative, own] = [measuredRows.filter(isNegative), measuredRows.filter((row) => !isNegative(row))];
  if (measuredRows.length === 0) return [];
  const [failing, undecided] = ['fails', 'left open'].map(
    (verdict) => negative.filter((row) => textOf(row, 'verdict').startsWith(verdict)).length,
  ) as [number, number];
  const worst = ['agrees', 'left open', 'fails']
    .flatMap((verdict) => negative.filter((row) => textOf(row, 'verdict').startsWith(verdict)))
    .at(0)!;
  const wrong = rows.filter((row) => textOf(row, 'verdict') === 'wrong');
  const named = wrong.map(
    (row) => `${symbols[textOf(row, 'exponent')] ?? textOf(row, 'exponent')} of ${textOf(row, 'process')}`,
  );
  const [agree, open] = ['agrees', 'left open'].map(
    (verdict) => own.filter((row) => textOf(row, 'verdict') === verdict).length,
  ) as [number, number];
  return [
    {
      sentence: `${agree} of ${own.length} known ${own.length === 1 ? 'exponent is' : 'exponents are'} measured to within two standard errors${leftOpen(open)}.`,
      quantities: own.map((row) => ({
        quantity: textOf(row, 'exponent'),
        of: textOf(row, 'process'),
        value: numberOf(row, 'measured'),
        error: numberOf(row, 'error'),
        from: numberOf(row, 'window_min'),
        to: numberOf(row, 'window_max'),
        count: numberOf(row, 'fitted'),
      })),
    },
    ...(negative.length === 0
      ? []
      : [
          {
            sentence: `Negative control (sizes summed from zero): ${failing} of ${negative.length} ${negative.length === 1 ? 'exponent fails, as it' : 'exponents fail, as they'} should${leftOpen(undecided)}.`,
            quantities: [
              { quantity: 'exponents', of: 'negative control fails', value: failing, count: negative.length },
            ],
            verdict: textOf(worst, 'verdict').replace(/^left open, .*/, 'left open'),
          },
        ]),
    ...(named.length === 0
      ? []
      : [
          {
            sentence: `Wrong by more than three standard errors: ${named.join('; ')}.`,
            quantities: wrong.map((row) => ({
              quantity: textOf(row, 'exponent'),
              of: textOf(row, 'process'),
              value: numberOf(row, 'measured'),
              error: numberOf(row, 'error'),
            })),
            verdict: 'wrong',
          },
        ]),
  ];
}

const longest = 20; // characters of a label that stands on one row

/** Without window, number and class, which stands below; a long label goes on at the rows of its further exponents. */
function briefOf(rows: readonly (readonly string[])[]): Brief {
  let words: string[] = [];
  return {
    head: ['process', '', 'known', 'exact law', 'measured', 'off by σ', 'verdict'],
    rows: rows.map(
      ([label = '', exponent = '', known = '', exact = '', measured = '', off = '', , , verdict = ''], i) => {
        if (label !== '') {
          const parts = label.split(/(?<=,) /);
          const fits = rows.slice(i + 1, i + parts.length).every(([next]) => next === '');
          words = label.length > longest && fits && i + parts.length <= rows.length ? parts : [label];
        }
        return [words.shift() ?? '', exponent, known, exact, measured, off, verdict.replace(/, .*/, '')];
      },
    ),
    lines: ['', 'classes:', ...rows.filter(([label]) => label !== '').map((row) => `  ${row[0]}: ${row.at(-1)}`)],
  };
}

/** Known exponents beside measured ones. */
export function knownExponentsSummary(tables: Tables): Summary {
  let last = '';
  const rows = rowsOf(tables, 'known_exponents').map((row) => {
    const label = textOf(row, 'process');
    const first = label !== last;
    last = label;
    const measured = numberOf(row, 'measured');
    const deviation = numberOf(row, 'deviation');
    return [
      first ? label : '',
      symbols[textOf(row, 'exponent')] ?? textOf(row, 'exponent'),
      shown(numberOf(row, 'known')),
      shown(numberOf(row, 'finite_size')),
      Number.isFinite(measured) ? withError(measured, numberOf(row, 'error')) : '–',
      Math.abs(deviation) < 100 ? signed(deviation) : shown(deviation, 3),
      Number.isFinite(numberOf(row, 'window_min'))
        ? `${shown(numberOf(row, 'window_min'), 3)}–${shown(numberOf(row, 'window_max'), 3)}`
        : '–',
      plainNumber(numberOf(row, 'fitted')),
      textOf(row, 'verdict'),
      first ? classShown(row, rowsOf(tables, 'exponents')) : '',
    ];
  });
  const head = [
    'process',
    'exponent',
    'known',
    'at finite size',
    'measured',
    'off by σ',
    'window',
    'fitted',
    'verdict',
  ];
  return {
    id: 'known-exponents',
    title: 'Known exponents',
    caption:
      'Exponents that are known, what the same fit in the same window finds on the exact law of the process (at finite size), and what was measured. Two standard errors or fewer agree, more than three are wrong; an error of more than a tenth of the exponent (--resolution) leaves it open; about 1 in 22 is expected to deviate by more than two by chance. Sizes summed from zero are included as a negative control: τ and γ should fail, as an identity gives them (3/2, 3/2, 1), the class of a multiplicative walk.',
    head: [...head, 'class'],
    rows,
    brief: briefOf(rows),
    findings: knownFindings(rowsOf(tables, 'known_exponents')),
  };
}
