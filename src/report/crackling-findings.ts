import { className } from './class-style.ts';
import { classVerdict } from './class-verdict.ts';
import { withError } from './concise.ts';
import type { Finding, Quantity } from './finding.ts';
import { fullNumber, plainNumber } from './quantity.ts';
import { onLittle, relationVerdict } from './relation-verdict.ts';
import { type Series, seriesOf } from './series.ts';
import { measured, quantityOf } from './summary-cells.ts';
import { estimateOf, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

/** Ensembles that are spoken of one by one. */
const most = 3;

const short = (x: number): string => plainNumber(Number(x.toPrecision(3)));
/** A Greek letter stays the symbol that it is. */
const capital = (text: string): string => text.replace(/^[a-z]/, (letter) => letter.toUpperCase());

const exponents = [
  { name: 'tau', symbol: 'τ', of: 'sizes' },
  { name: 'alpha', symbol: 'α', of: 'durations' },
] as const;

/** A sentence as it begins after a name, and its numbers. */
type Remark = Pick<Finding, 'sentence' | 'quantities' | 'verdict'>;

/** An exponent with its range and the number of values that it was fitted to. */
function exponentOf(row: Row, name: string): Quantity {
  const [from, to] = [numberOf(row, `${name}_min`), numberOf(row, `${name}_max`)];
  const count = numberOf(row, `${name}_count`);
  return {
    ...quantityOf(row, name),
    ...(Number.isFinite(from) ? { from, to } : {}),
    ...(Number.isFinite(count) ? { count } : {}),
  };
}

/** What was measured, over which range and from how many, of one ensemble. */
function measurement(row: Row, label: string, valid: number): Remark {
  const found = exponents.filter(({ name }) => estimateOf(row, name) !== undefined);
  const parts = found.map(({ name, symbol, of }) => {
    const { from, to = Number.NaN, count } = exponentOf(row, name);
    const range =
      from === undefined
        ? ''
        : ` over ${of} ${Number.isFinite(to) ? `${short(from)}–${short(to)}` : `from ${short(from)}`}`;
    return `${symbol} = ${measured(row, name)}${range}${count === undefined ? '' : `, ${fullNumber(count)} values`}`;
  });
  const quantities = found.map(({ name }) => exponentOf(row, name));
  if (estimateOf(row, 'gamma_scaling') !== undefined) {
    parts.push(`γ = ${measured(row, 'gamma_scaling')} from mean sizes`);
    quantities.push(quantityOf(row, 'gamma_scaling'));
  }
  if (parts.length === 0) return { sentence: `${label}: no exponent could be fitted.` };
  const of = Number.isFinite(valid) ? `, of ${fullNumber(valid)} avalanches` : '';
  return { sentence: `${label}${of}: ${parts.join('; ')}.`, quantities };
}

/** Standard errors between measured and predicted γ. */
const sigmasOff = (row: Row): number => {
  const given = numberOf(row, 'mismatch_sigmas');
  return Math.abs(Number.isFinite(given) ? given : numberOf(row, 'mismatch') / numberOf(row, 'mismatch_error'));
};

/** Exponents of τ and α that stand on little. */
const thinOf = (row: Row) => exponents.filter(({ name }) => textOf(row, `${name}_mark`) !== '');
const symbolsOf = (some: readonly { readonly symbol: string }[]): string[] => some.map(({ symbol }) => symbol);

/** Whether the crackling relation holds. */
function relation(row: Row): Remark {
  const off = sigmasOff(row);
  const thin = symbolsOf(thinOf(row));
  const verdict = relationVerdict(off, thin);
  if (verdict === "can't be judged") {
    return { sentence: `the crackling relation ${verdict}: an exponent or its error is missing.`, verdict };
  }
  const since = thin.length > 0 ? `, and ${onLittle(thin)}` : '';
  return {
    sentence: `the crackling relation ${verdict}, with (α − 1)/(τ − 1) = ${measured(row, 'gamma_predicted')}, ${off.toFixed(1)} standard errors from the measured γ${since}.`,
    quantities: ['gamma_predicted', 'mismatch'].map((name) => quantityOf(row, name)),
    verdict,
  };
}

/** What speaks against reading exponents as such. */
function warnings(row: Row): Remark[] {
  const thin = thinOf(row);
  const why = new Set(thin.flatMap(({ name }) => textOf(row, `${name}_mark`).split(', ')));
  const reasons = [...why].map((mark) => thinWords[mark] ?? mark).join(' or ');
  const symbols = symbolsOf(thin).join(' and ');
  const worse = exponents.flatMap(({ name, of }) => {
    const better = textOf(row, `${name}_better`).replaceAll('_', ' ');
    if (better === '') return [];
    const sentence = `${of} are fitted significantly better by another law than by the power law: ${better}.`;
    return [{ sentence, quantities: [exponentOf(row, name)], verdict: `another law is better: ${better}` }];
  });
  if (thin.length === 0) return worse;
  const sentence = `${symbols} ${thin.length === 1 ? 'is' : 'are'} to be read with care: from ${reasons}.`;
  return [{ sentence, quantities: thin.map(({ name }) => exponentOf(row, name)), verdict: 'read with care' }, ...worse];
}

const thinWords: Readonly<Record<string, string>> = {
  'few values': 'fewer than 100 values',
  'short range': 'less than a decade',
};

function classes(rows: readonly Row[]): Remark[] {
  if (rows.length === 0) return [];
  const { allowed, comparable } = classVerdict(rows);
  const named = (row: Row): string => className(textOf(row, 'class'));
  const quantities = (some: readonly Row[]): Quantity[] =>
    some.map((row) => ({ quantity: 'p_value', of: textOf(row, 'class'), value: numberOf(row, 'p_value') }));
  if (allowed.length > 0) {
    const out = comparable.length - allowed.length;
    return [
      {
        sentence: `universality classes that these exponents allow: ${allowed.map(named).join(', ')}; ${out} others are excluded at the 5 % level.`,
        quantities: quantities(allowed),
        verdict: 'not excluded',
      },
    ];
  }
  const nearest = comparable.slice(0, 2);
  return [
    {
      sentence: `no known universality class has these exponents; the nearest is ${nearest.map(named).join(', then ')}.`,
      quantities: quantities(nearest),
      verdict: 'none',
    },
  ];
}

function nullModels(rows: readonly Row[]): Remark[] {
  const symbols: Readonly<Record<string, string>> = { tau: 'τ', alpha: 'α', gamma_scaling: 'γ' };
  return [...new Set(rows.map((row) => textOf(row, 'surrogate')))].flatMap((kind) => {
    const own = rows.filter(
      (row) => textOf(row, 'surrogate') === kind && symbols[textOf(row, 'exponent')] !== undefined,
    );
    return [
      {
        start: 'survives',
        begin: `the ${kind} surrogate has the same`,
        end: ', which says nothing about the dynamics.',
      },
      { start: 'differs', begin: `the ${kind} surrogate has another`, end: '.' },
    ].flatMap(({ start, begin, end }) => {
      const some = own.filter((row) => textOf(row, 'verdict').startsWith(start));
      if (some.length === 0) return [];
      const words = some.map((row) => {
        const there = withError(numberOf(row, 'null_model'), numberOf(row, 'null_model_error'));
        return `${symbols[textOf(row, 'exponent')]} (${there} there)`;
      });
      const quantities = some.map((row) => ({
        quantity: textOf(row, 'exponent'),
        of: `${kind} surrogate`,
        value: numberOf(row, 'null_model'),
        error: numberOf(row, 'null_model_error'),
      }));
      return [{ sentence: `${begin} ${words.join(', ')}${end}`, quantities, verdict: start }];
    });
  });
}

const isMeasured = (row: Row): boolean => textOf(row, 'surrogate') === '';

/** What a crackling analysis found: exponents, relation, warnings, classes, null models, what errors hold. */
export function cracklingFindings(tables: Tables): Finding[] {
  const rows = rowsOf(tables, 'exponents').filter(isMeasured);
  const rowOf = ({ ensemble }: Series): Row => rows.find((row) => numberOf(row, 'ensemble') === ensemble)!;
  const series = seriesOf(tables, rows);
  if (series.length === 0) return [];
  if (series.length > most) return [...inAll(series, series.map(rowOf)), errors];
  const of = (table: string, { ensemble }: Series): Row[] =>
    rowsOf(tables, table).filter((row) => numberOf(row, 'ensemble') === ensemble);
  return [
    ...series.flatMap((one) => {
      const { ensemble, label } = one;
      const row = rowOf(one);
      // One of several is named in every sentence: they are read one by one.
      const said = (text: string): string => (series.length > 1 ? `${label}: ${text}` : capital(text));
      const remarks = [
        relation(row),
        ...warnings(row),
        ...classes(of('universality', one)),
        ...nullModels(of('surrogate', one)),
      ];
      return [
        measurement(row, label, numberOf(of('ensemble', one)[0] ?? {}, 'valid')),
        ...remarks.map((remark) => ({ ...remark, sentence: said(remark.sentence) })),
      ].map((remark): Finding => ({ ensemble, label, ...remark }));
    }),
    errors,
  ];
}

const errors: Finding = {
  sentence:
    'Errors come from halves of the data, each of which finds its own window: they hold that choice, but not the finite size of the system.',
};

/** Names, of many the first and the last. */
const listed = (names: readonly string[]): string =>
  names.length <= 6 ? names.join(', ') : `${names[0]} … ${names.at(-1)}`;

/** Many ensembles in a few sentences. */
function inAll(series: readonly Series[], rows: readonly Row[]): Finding[] {
  const spans = (
    [
      ['tau', 'τ'],
      ['alpha', 'α'],
      ['gamma_scaling', 'γ'],
    ] as const
  ).flatMap(([name, symbol]) => {
    const found = rows
      .map((row, i) => ({ row, of: series[i]!.label }))
      .filter(({ row }) => estimateOf(row, name) !== undefined)
      .sort((a, b) => numberOf(a.row, name) - numberOf(b.row, name));
    const [low, high] = [found[0], found.at(-1)];
    if (low === undefined || high === undefined) return [];
    return [
      {
        text: `${symbol} from ${measured(low.row, name)} to ${measured(high.row, name)}`,
        quantities: [low, high].map(({ row, of }) => ({ ...quantityOf(row, name), of })),
      },
    ];
  });
  const verdicts = rows.map((row) => relationVerdict(sigmasOff(row), symbolsOf(thinOf(row))));
  const judged = verdicts.filter((verdict) => verdict !== "can't be judged" && verdict !== "isn't decided").length;
  const holds = verdicts.filter((verdict) => verdict === 'holds').length;
  const thin = rows.filter((row) => thinOf(row).length > 0).length;
  const told = spans.length === 0 ? 'no exponent could be fitted' : spans.map(({ text }) => text).join('; ');
  return [
    {
      sentence: `${series.length} ensembles (${listed(series.map(({ label }) => label))}): ${told}.`,
      quantities: spans.flatMap(({ quantities }) => quantities),
    },
    ...(judged === 0
      ? []
      : [
          {
            sentence: `The crackling relation holds to two standard errors in ${holds} of ${judged} of them${judged < rows.length ? '; in the others it isn’t decided' : ''}.`,
            quantities: [{ quantity: 'ensembles', of: 'crackling relation holds', value: holds, count: judged }],
          },
        ]),
    ...(thin === 0
      ? []
      : [
          {
            sentence: `Exponents of ${thin === 1 ? 'one of them' : `${thin} of them`} are to be read with care: from fewer than 100 values or less than a decade.`,
            quantities: [{ quantity: 'ensembles', of: 'read with care', value: thin, count: rows.length }],
          },
        ]),
  ];
}
