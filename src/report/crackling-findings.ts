import { className } from './class-style.ts';
import { classVerdict } from './class-verdict.ts';
import { withError } from './concise.ts';
import { fullNumber, plainNumber } from './quantity.ts';
import { type Series, seriesOf } from './series.ts';
import { measured } from './summary-cells.ts';
import { estimateOf, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

/** Ensembles that are spoken of one by one. */
const most = 3;

const short = (x: number): string => plainNumber(Number(x.toPrecision(3)));
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const exponents = [
  { name: 'tau', symbol: 'τ', of: 'sizes' },
  { name: 'alpha', symbol: 'α', of: 'durations' },
] as const;

/** What was measured, over which range and from how many, of one ensemble. */
function measurement(row: Row, label: string, valid: number): string {
  const parts = exponents.flatMap(({ name, symbol, of }) => {
    if (estimateOf(row, name) === undefined) return [];
    const [from, to] = [numberOf(row, `${name}_min`), numberOf(row, `${name}_max`)];
    const range = Number.isFinite(from)
      ? ` over ${of} ${Number.isFinite(to) ? `${short(from)}–${short(to)}` : `from ${short(from)}`}`
      : '';
    const count = numberOf(row, `${name}_count`);
    return [
      `${symbol} = ${measured(row, name)}${range}${Number.isFinite(count) ? `, ${fullNumber(count)} values` : ''}`,
    ];
  });
  if (estimateOf(row, 'gamma_scaling') !== undefined)
    parts.push(`γ = ${measured(row, 'gamma_scaling')} from mean sizes`);
  if (parts.length === 0) return `${label}: no exponent could be fitted.`;
  const of = Number.isFinite(valid) ? `, of ${fullNumber(valid)} avalanches` : '';
  return `${label}${of}: ${parts.join('; ')}.`;
}

/** Standard errors between measured and predicted γ. */
const sigmasOff = (row: Row): number => {
  const given = numberOf(row, 'mismatch_sigmas');
  return Math.abs(Number.isFinite(given) ? given : numberOf(row, 'mismatch') / numberOf(row, 'mismatch_error'));
};

/** Whether the crackling relation holds. */
function relation(row: Row): string {
  const off = sigmasOff(row);
  if (!Number.isFinite(off)) return 'The crackling relation can’t be judged: an exponent or its error is missing.';
  const verdict = off < 2 ? 'holds' : off < 3 ? 'is in tension with the data' : 'does not hold';
  return `The crackling relation ${verdict}: (α − 1)/(τ − 1) = ${measured(row, 'gamma_predicted')}, ${off.toFixed(1)} standard errors from the measured γ.`;
}

/** What speaks against reading exponents as such. */
function warnings(row: Row): string[] {
  const thin = exponents.filter(({ name }) => textOf(row, `${name}_mark`) !== '');
  const why = new Set(thin.flatMap(({ name }) => textOf(row, `${name}_mark`).split(', ')));
  const reasons = [...why].map((mark) => thinWords[mark] ?? mark).join(' or ');
  const symbols = thin.map(({ symbol }) => symbol).join(' and ');
  const worse = exponents.flatMap(({ name, of }) => {
    const better = textOf(row, `${name}_better`).replaceAll('_', ' ');
    return better === ''
      ? []
      : [`${capital(of)} are fitted significantly better by another law than by the power law: ${better}.`];
  });
  return [...(thin.length === 0 ? [] : [`Read ${symbols} with care: from ${reasons}.`]), ...worse];
}

const thinWords: Readonly<Record<string, string>> = {
  'few values': 'fewer than 100 values',
  'short range': 'less than a decade',
};

function classes(rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const { allowed, comparable } = classVerdict(rows);
  const named = (row: Row): string => className(textOf(row, 'class'));
  if (allowed.length > 0) {
    const out = comparable.length - allowed.length;
    return [
      `Universality classes that these exponents allow: ${allowed.map(named).join(', ')}; ${out} others are excluded at the 5 % level.`,
    ];
  }
  return [
    `No known universality class has these exponents; the nearest is ${comparable.slice(0, 2).map(named).join(', then ')}.`,
  ];
}

function nullModels(rows: readonly Row[]): string[] {
  const symbols: Readonly<Record<string, string>> = { tau: 'τ', alpha: 'α', gamma_scaling: 'γ' };
  return [...new Set(rows.map((row) => textOf(row, 'surrogate')))].flatMap((kind) => {
    const own = rows.filter(
      (row) => textOf(row, 'surrogate') === kind && symbols[textOf(row, 'exponent')] !== undefined,
    );
    const of = (start: string): string =>
      own
        .filter((row) => textOf(row, 'verdict').startsWith(start))
        .map(
          (row) =>
            `${symbols[textOf(row, 'exponent')]} (${withError(numberOf(row, 'null_model'), numberOf(row, 'null_model_error'))} there)`,
        )
        .join(', ');
    const [same, other] = [of('survives'), of('differs')];
    return [
      ...(same === '' ? [] : [`The ${kind} surrogate has the same ${same}: that says nothing about the dynamics.`]),
      ...(other === '' ? [] : [`The ${kind} surrogate has another ${other}.`]),
    ];
  });
}

const isMeasured = (row: Row): boolean => textOf(row, 'surrogate') === '';

/** What a crackling analysis found, in sentences: exponents, relation, warnings, classes, null models, what errors hold. */
export function cracklingSentences(tables: Tables): string[] {
  const rows = rowsOf(tables, 'exponents').filter(isMeasured);
  const rowOf = ({ ensemble }: Series): Row => rows.find((row) => numberOf(row, 'ensemble') === ensemble)!;
  const series = seriesOf(tables, rows);
  if (series.length === 0) return [];
  if (series.length > most) return [...inAll(series, series.map(rowOf)), errors];
  const of = (table: string, { ensemble }: Series): Row[] =>
    rowsOf(tables, table).filter((row) => numberOf(row, 'ensemble') === ensemble);
  return [
    ...series.flatMap((one) => [
      measurement(rowOf(one), one.label, numberOf(of('ensemble', one)[0] ?? {}, 'valid')),
      relation(rowOf(one)),
      ...warnings(rowOf(one)),
      ...classes(of('universality', one)),
      ...nullModels(of('surrogate', one)),
    ]),
    errors,
  ];
}

const errors =
  'Errors come from halves of the data, each of which finds its own window: they hold that choice, but not the finite size of the system.';

/** Many ensembles in a few sentences. */
function inAll(series: readonly Series[], rows: readonly Row[]): string[] {
  const span = (name: string, symbol: string): string[] => {
    const found = rows
      .filter((row) => estimateOf(row, name) !== undefined)
      .sort((a, b) => numberOf(a, name) - numberOf(b, name));
    const [low, high] = [found[0], found.at(-1)];
    if (low === undefined || high === undefined) return [];
    return [`${symbol} from ${measured(low, name)} to ${measured(high, name)}`];
  };
  const spans = [...span('tau', 'τ'), ...span('alpha', 'α'), ...span('gamma_scaling', 'γ')];
  const judged = rows.map(sigmasOff).filter(Number.isFinite);
  const holds = judged.filter((off) => off < 2).length;
  const thin = rows.filter((row) => textOf(row, 'tau_mark') !== '' || textOf(row, 'alpha_mark') !== '').length;
  return [
    `${series.length} ensembles, ${series[0]!.label} to ${series.at(-1)!.label}: ${spans.length === 0 ? 'no exponent could be fitted' : spans.join('; ')}.`,
    ...(judged.length === 0
      ? []
      : [`The crackling relation holds to two standard errors in ${holds} of ${judged.length} of them.`]),
    ...(thin === 0
      ? []
      : [`Exponents of ${thin} of them are to be read with care: from fewer than 100 values or less than a decade.`]),
  ];
}
