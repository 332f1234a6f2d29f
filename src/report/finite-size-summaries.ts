import { withError } from './concise.ts';
import type { Finding } from './finding.ts';
import { marksOf, thinMark } from './footing-summary.ts';
import type { Summary } from './summary.ts';
import { measured, quantityOf, shown } from './summary-cells.ts';
import { groupRows, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

/** Weighted mean of the corrections that lie inside their scan, over the widths. */
function meanCorrection(rows: readonly Row[]): { value: number; error: number; widths: number } {
  const found = rows.flatMap((row) => {
    const [value, error] = [numberOf(row, 'scaled'), numberOf(row, 'scaled_error')];
    return row.inside !== false && Number.isFinite(value) && error > 0 ? [{ value, weight: 1 / error ** 2 }] : [];
  });
  const total = found.reduce((sum, { weight }) => sum + weight, 0);
  const value = found.reduce((sum, one) => sum + one.weight * one.value, 0) / total;
  return { value, error: 1 / Math.sqrt(total), widths: found.length };
}

/** What corrections say of the critical network, whose ln s has no drift at 1: beyond three errors it isn't the straightest; none at all (0) must be excluded for agreement to say something. */
function judgedCorrections(
  found: readonly { readonly name: string; readonly value: number; readonly error: number }[],
): {
  says: string;
  verdict: string;
} {
  const away = ({ value, error }: { value: number; error: number }): number => Math.abs(value - 1) / error;
  const off = found.filter((one) => away(one) > 2);
  if (off.length > 0) {
    const far = off.some((one) => away(one) > 3);
    const of = off.map((one) => `${one.name} is ${away(one).toFixed(1)} standard errors`).join(' and that of ');
    const means = far
      ? "the straightest distribution isn't quite that of the critical network"
      : 'whether the straightest distribution is that of the critical network is in doubt';
    return {
      says: `and ln s has no drift at 1, from which that of ${of} away: ${means}`,
      verdict: far ? 'off theory' : 'strained',
    };
  }
  const says = 'compatible to two standard errors with 1, where ln s has no drift';
  const open = found.filter(({ value, error }) => !(value > 2 * error));
  if (open.length === 0) return { says, verdict: 'compatible with theory' };
  const names = open.map(({ name }) => name).join(' and ');
  return { says: `${says}, but for ${names} with 0, no correction, as well`, verdict: 'left open' };
}

function correctionFindings(all: readonly Row[]): Finding[] {
  const observables = [...new Set(all.map((row) => textOf(row, 'observable')))].sort();
  const named = (observable: string): string =>
    ({ duration: 'durations', signal_size: 'sizes from zero' })[observable] ?? 'sizes';
  const found = observables
    .map((observable) => ({
      observable,
      ...meanCorrection(all.filter((row) => textOf(row, 'observable') === observable)),
    }))
    .filter(({ widths }) => widths > 0);
  if (found.length === 0) return [];
  const parts = found.map(
    ({ observable, value, error, widths }) =>
      `${withError(value, error)} for ${named(observable)} (${widths} ${widths === 1 ? 'width' : 'widths'})`,
  );
  const { says, verdict } = judgedCorrections(found.map((one) => ({ ...one, name: named(one.observable) })));
  const left = all.filter((row) => row.inside === false).length;
  return [
    {
      sentence: `Distributions are straightest at δ(N)·N/c = ${parts.join(' and ')}, ${says}.${left === 0 ? '' : ` ${left} of ${all.length} corrections ${left === 1 ? "lies at the end of the scan and isn't" : "lie at the end of the scan and aren't"} counted.`}`,
      quantities: found.map(({ observable, value, error, widths }) => ({
        quantity: 'scaled',
        of: observable,
        value,
        error,
        count: widths,
      })),
      verdict,
    },
  ];
}

/** What the scan for straightness found. */
export function correctionSummary(tables: Tables): Summary {
  const all = rowsOf(tables, 'correction');
  const brief = [...groupRows(all, 'width')].map(([width, rows]) => {
    const by = (observable: string): string => {
      const row = rows.find((one) => textOf(one, 'observable') === observable);
      if (row === undefined) return '–';
      return `${measured(row, 'scaled')}${row.inside === false ? '*' : ''}`;
    };
    return [
      `N = ${width}`,
      by('duration'),
      rows.some((row) => textOf(row, 'observable') === 'signal_size') ? by('signal_size') : by('size'),
      shown(numberOf(rows[0]!, 'used')),
    ];
  });
  return {
    id: 'corrections',
    title: 'Finite-size corrections',
    caption:
      'Correction δ in σw² = critical·(1 + δ) at which the distribution is straightest in log–log axes, in units of c/N (c = 1 for odd activations); at 1 ln s has no drift.',
    head: ['Width', 'Distribution', 'δ·N/c', 'R²', 'Inside the scan', 'δ·N/c used'],
    rows: all.map((row) => [
      `N = ${numberOf(row, 'width')}`,
      textOf(row, 'observable'),
      measured(row, 'scaled'),
      shown(numberOf(row, 'r_squared'), 5),
      row.inside === true ? 'yes' : 'no',
      shown(numberOf(row, 'used')),
    ]),
    findings: correctionFindings(all),
    brief: {
      head: ['straightest at', 'δ·N/c, durations', 'δ·N/c, sizes', 'δ·N/c used'],
      rows: brief,
      lines: all.some((row) => row.inside === false) ? ['*: at the end of the scan, a bound'] : [],
    },
  };
}

const symbols: Readonly<Record<string, readonly [long: string, short: string]>> = {
  tau: ['τ', 'τ'],
  alpha: ['α', 'α'],
  gamma_scaling: ['γ, sizes', 'γ'],
  gamma_collapse: ['γ, collapse', 'γ collapse'],
  gamma_predicted: ['(α − 1)/(τ − 1)', 'γ predicted'],
  mismatch: ['Mismatch', 'mismatch'],
  branching_ratio: ['Branching ratio', 'branching'],
  growth_rate: ['Growth rate', 'growth rate'],
};

const forms: Readonly<Record<string, string>> = { line: 'y + b/N', root: 'y + a/√N + b/N' };

const formOf = (approach: string): string => forms[approach] ?? approach;

const perFreedomOf = (row: Row): number => {
  const freedom = numberOf(row, 'degrees_of_freedom');
  return freedom > 0 ? numberOf(row, 'chi_square') / freedom : Number.NaN;
};

/** Whether χ² says that the form of an extrapolation is wrong: by more than three of its standard deviations. */
export const isRefuted = (row: Row): boolean =>
  perFreedomOf(row) > 1 + 3 * Math.sqrt(2 / numberOf(row, 'degrees_of_freedom'));

const nameOf = (row: Row): string => {
  const [name = textOf(row, 'exponent')] = symbols[textOf(row, 'exponent')] ?? [];
  return name.replace(/^[A-Z]/, (letter) => letter.toLowerCase()).replace(',', ' of');
};

/** Limits by a form that χ² refutes are said to be such: scaled errors allow for scatter, not for a bend that all widths share. */
function refutedInWords(rows: readonly Row[]): string {
  const wrong = rows.filter(isRefuted);
  if (wrong.length === 0) return '';
  return ` This form doesn't describe ${wrong.map((row) => `${nameOf(row)} (χ²/ν = ${shown(perFreedomOf(row), 2)})`).join(', ')}, so that limits by it may be off by more than these errors.`;
}

/** What limits are made of that τ or α may leave poorly constrained, by column. */
const madeOf: Readonly<Record<string, readonly ('τ' | 'α')[]>> = {
  tau: ['τ'],
  alpha: ['α'],
  gamma_predicted: ['τ', 'α'],
  mismatch: ['τ', 'α'],
};

/** The mark of a limit: one of the widths that it is extrapolated from is poorly constrained. */
function limitMarks(tables: Tables): (row: Row) => string {
  const all = rowsOf(tables, 'exponents')
    .filter((row) => textOf(row, 'surrogate') === '')
    .map(marksOf);
  const thin = (symbol: 'τ' | 'α'): boolean => all.some((marks) => (marks[symbol] ?? '') !== '');
  return (row) => ((madeOf[textOf(row, 'exponent')] ?? []).some(thin) ? thinMark : '');
}

const thinLimits =
  'from widths at which it is poorly constrained, by fewer than 100 values or over less than one decade';

function infiniteFindings(rows: readonly Row[], mark: (row: Row) => string): Finding[] {
  const approaches = [...new Set(rows.map((row) => textOf(row, 'approach')))];
  return approaches.flatMap((approach, i) => {
    const own = rows.filter(
      (row) => textOf(row, 'approach') === approach && Number.isFinite(numberOf(row, 'intercept')),
    );
    if (own.length === 0) return [];
    const limits = own.map((row) => `${nameOf(row)} → ${measured(row, 'intercept')}${mark(row)}`).join(', ');
    const thin = own.some((row) => mark(row) !== '') ? ` ${thinMark}: ${thinLimits}.` : '';
    const form = `${i === 0 ? 'At infinite width, by' : 'The same by'} fits of ${formOf(approach)}: ${limits}.`;
    const open =
      approaches.length === 1 || i === 0
        ? ''
        : ' What form is right is not known, so the difference of the two is an error, too.';
    return [
      {
        sentence: `${form}${thin}${refutedInWords(own)}${open}`,
        quantities: own.map((row) => ({
          ...quantityOf(row, 'intercept', textOf(row, 'exponent')),
          of: `infinite width, by ${formOf(approach)}`,
        })),
      },
    ];
  });
}

/** Exponents at infinite width, by each form of approach with its χ². */
export function extrapolationSummary(tables: Tables): Summary {
  const rows = rowsOf(tables, 'extrapolation');
  const mark = limitMarks(tables);
  const thin = rows.some((row) => mark(row) !== '');
  const names = [...new Set(rows.map((row) => textOf(row, 'exponent')))];
  const perFreedom = (row: Row): string => shown(perFreedomOf(row), 2);
  const approaches = [...new Set(rows.map((row) => textOf(row, 'approach')))];
  const brief = names.map((name) => [
    symbols[name]?.[1] ?? name,
    ...approaches.flatMap((approach) => {
      const row = rows.find((one) => textOf(one, 'exponent') === name && textOf(one, 'approach') === approach);
      return row === undefined ? ['–', '–'] : [`${measured(row, 'intercept')}${mark(row)}`, perFreedom(row)];
    }),
  ]);
  return {
    id: 'infinite-width',
    title: 'Infinite width',
    caption: `Weighted fits in 1/N, and in 1/√N and 1/N, at 1/N → 0. Errors allow for scatter about the fit; χ² far above its degrees of freedom says that a form is wrong.${thin ? ` ${thinMark}: ${thinLimits}.` : ''}`,
    head: ['Exponent', 'Form', 'At infinite width', 'a', 'b', 'χ²', 'Degrees of freedom'],
    rows: rows.map((row) => [
      symbols[textOf(row, 'exponent')]?.[0] ?? textOf(row, 'exponent'),
      formOf(textOf(row, 'approach')),
      `${measured(row, 'intercept')}${mark(row)}`,
      measured(row, 'root'),
      measured(row, 'slope'),
      shown(numberOf(row, 'chi_square')),
      shown(numberOf(row, 'degrees_of_freedom')),
    ]),
    findings: infiniteFindings(rows, mark),
    brief: {
      head: ['1/N → 0', ...approaches.flatMap((approach) => [formOf(approach), 'χ²/ν'])],
      rows: brief,
      lines: thin ? [`${thinMark}: ${thinLimits}`] : [],
    },
  };
}
