import type { ScalingOf } from '../fit/scaling-fit.ts';
import { systematicError } from '../fit/universality.ts';
import { className } from './class-style.ts';
import { allowedErrors, classVerdict } from './class-verdict.ts';
import { criticalityFinding, type Side } from './criticality-finding.ts';
import type { Finding, Quantity } from './finding.ts';
import { markedSymbols, marksOf } from './footing-summary.ts';
import { inAll, sidesInAll } from './many-ensembles-findings.ts';
import { nullModelRemarks, type Remark } from './null-model-findings.ts';
import { publishedRemark } from './published-remark.ts';
import { fullNumber, plainNumber } from './quantity.ts';
import { type Judging, testOf } from './relation-test.ts';
import { relationInWords, relationResolution } from './relation-verdict.ts';
import { type Series, seriesOf } from './series.ts';
import { gammaWords } from './size-words.ts';
import { measured, quantityOf } from './summary-cells.ts';
import { estimateOf, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { groundsOf, undecidedInWords } from './undecided.ts';

/** Ensembles that are spoken of one by one. */
const most = 3;

const short = (x: number): string => plainNumber(x, 3);
/** A Greek letter stays the symbol that it is. */
const capital = (text: string): string => text.replace(/^[a-z]/, (letter) => letter.toUpperCase());

const exponents = [
  { name: 'tau', symbol: 'τ', of: 'sizes' },
  { name: 'alpha', symbol: 'α', of: 'durations' },
] as const;

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

/** Why there is nothing to fit: no perturbation made an avalanche that ended, or how long the longest is of those that did. */
function nothingToFit(ensemble: Row, durations: readonly Row[]): string {
  const [perturbations, valid, dead, censored] = ['perturbations', 'valid', 'dead', 'censored'].map((name) =>
    numberOf(ensemble, name),
  ) as [number, number, number, number];
  const longest = Math.max(...durations.map((row) => numberOf(row, 'duration')));
  if (valid > 0 && longest > 0) {
    // Of long ones that were joined it is their mean.
    const about = Number.isInteger(longest) ? '' : 'about ';
    return `: the longest lasts ${about}${fullNumber(Math.round(longest))} ${longest === 1 ? 'layer' : 'layers'}`;
  }
  if (valid !== 0 || !(perturbations > 0)) return '';
  const all = perturbations === 1 ? 'the one perturbation is' : `all ${fullNumber(perturbations)} perturbations are`;
  if (dead === perturbations) return `: ${all} below the threshold at once`;
  if (censored !== perturbations) return ': no perturbation made an avalanche that ended before the last layer';
  return `: ${all} above the threshold at the last layer`;
}

/** Rows of an ensemble in tables `ensemble` and `scaling`: what its perturbations came to, and of which durations. */
interface Counted {
  readonly ensemble: Row;
  readonly durations: readonly Row[];
}

/** What was measured, over which range and from how many, of one ensemble. */
function measurement(row: Row, label: string, { ensemble, durations }: Counted, scalingOf: ScalingOf): Remark {
  const valid = numberOf(ensemble, 'valid');
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
    parts.push(`γ = ${measured(row, 'gamma_scaling')} from ${gammaWords({ scalingOf }).long}`);
    quantities.push(quantityOf(row, 'gamma_scaling'));
  }
  const of = Number.isFinite(valid) ? `, of ${fullNumber(valid)} ${valid === 1 ? 'avalanche' : 'avalanches'}` : '';
  if (parts.length === 0) {
    const few = valid > 0 ? of : '';
    return { sentence: `${label}${few}: no exponent could be fitted${nothingToFit(ensemble, durations)}.` };
  }
  return { sentence: `${label}${of}: ${parts.join('; ')}.`, quantities };
}

/** What findings need to know beside the tables. */
export type Saying = Judging & { readonly scalingOf: ScalingOf };

/** With what each γ is allowed, which is more where the window begins at durations of a few steps: as classes are. */
const allowing = (judging: Judging, classRows: readonly Row[]): Judging => ({
  ...judging,
  ...allowedErrors(classRows),
});

/** Whether the crackling relation holds. */
function relation(row: Row, judging: Judging): Remark {
  const { verdict, words } = relationInWords(testOf(row, judging));
  return {
    sentence: `${words}.`,
    quantities: ['gamma_scaling', 'gamma_predicted', 'mismatch'].map((name) => quantityOf(row, name)),
    verdict,
  };
}

/** What speaks against reading exponents as such. */
function warnings(row: Row): Remark[] {
  const thin = exponents.filter(({ name }) => textOf(row, `${name}_mark`) !== '');
  const worse = exponents.flatMap(({ name, of }) => {
    const better = textOf(row, `${name}_better`).replaceAll('_', ' ');
    if (better === '') return [];
    const sentence = `${of} are fitted significantly better by another law than by the power law: ${better}.`;
    return [{ sentence, quantities: [exponentOf(row, name)], verdict: `another law is better: ${better}` }];
  });
  // The verdict on the relation has said it where there is one.
  const judged = ['mismatch', 'mismatch_error'].every((name) => Number.isFinite(numberOf(row, name)));
  if (thin.length === 0 || judged) return worse;
  const are = thin.length === 1 ? 'is' : 'are';
  const sentence = `${markedSymbols(marksOf(row))} ${are} poorly constrained (°): fewer than 100 values, or less than one decade.`;
  return [{ sentence, quantities: thin.map(({ name }) => exponentOf(row, name)), verdict: 'read with care' }, ...worse];
}

function classes(rows: readonly Row[], exponentsRow: Row): Remark[] {
  if (rows.length === 0) return [];
  const undecided = undecidedInWords(groundsOf(exponentsRow));
  if (undecided !== '') {
    return [{ sentence: `universality classes are not decided: ${undecided}.`, verdict: 'not decided' }];
  }
  const { allowed, comparable } = classVerdict(rows);
  const named = (row: Row): string => className(textOf(row, 'class'));
  const quantities = (some: readonly Row[]): Quantity[] =>
    some.map((row) => ({ quantity: 'p_value', of: textOf(row, 'class'), value: numberOf(row, 'p_value') }));
  if (allowed.length > 0) {
    const out = comparable.length - allowed.length;
    return [
      {
        sentence: `universality classes not excluded: ${allowed.map(named).join(', ')}; ${out} ${out === 1 ? 'other is' : 'others are'}, at the 5 % level.`,
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

const isMeasured = (row: Row): boolean => textOf(row, 'surrogate') === '';

/**
 * What a crackling analysis found: exponents, relation, warnings, classes, null models, what errors include.
 * @param saying error of each γ of the crackling relation, from fit window and finite size; the largest error that agreement may have; what γ was fitted to
 */
export function cracklingFindings(tables: Tables, saying: Partial<Saying> = {}): Finding[] {
  const { systematic = systematicError, resolution = relationResolution, scalingOf = 'ln-mean' } = saying;
  const rows = rowsOf(tables, 'exponents').filter(isMeasured);
  const rowOf = ({ ensemble }: Series): Row => rows.find((row) => numberOf(row, 'ensemble') === ensemble)!;
  const series = seriesOf(tables, rows);
  if (series.length === 0) return [];
  const errors = rows.some((row) => exponents.some(({ name }) => numberOf(row, `${name}_error`) > 0)) ? [ofErrors] : [];
  const of = (table: string, { ensemble }: Series): Row[] =>
    rowsOf(tables, table).filter((row) => numberOf(row, 'ensemble') === ensemble);
  const sideOf = (one: Series): Side | undefined =>
    criticalityFinding(rowOf(one), of('fit', one), of('ensemble', one)[0] ?? {});
  if (series.length > most) {
    const judgings = series.map((one) => allowing({ systematic, resolution }, of('universality', one)));
    return [...inAll(series, series.map(rowOf), judgings), ...sidesInAll(series, series.map(sideOf)), ...errors];
  }
  return [
    ...series.flatMap((one) => {
      const { ensemble, label } = one;
      const row = rowOf(one);
      const [networks = {}] = of('ensemble', one);
      // One of several is named in every sentence: they are read one by one.
      const said = (text: string): string => (series.length > 1 ? `${label}: ${text}` : capital(text));
      const remarks = [
        relation(row, allowing({ systematic, resolution }, of('universality', one))),
        ...[sideOf(one) ?? []].flat(),
        ...warnings(row),
        ...classes(of('universality', one), row),
        ...nullModelRemarks(of('surrogate', one)),
        ...publishedRemark(row, networks),
      ];
      return [
        measurement(row, label, { ensemble: networks, durations: of('scaling', one) }, scalingOf),
        ...remarks.map((remark) => ({ ...remark, sentence: said(remark.sentence) })),
      ].map((remark): Finding => ({ ensemble, label, ...remark }));
    }),
    ...errors,
  ];
}

const ofErrors: Finding = {
  sentence:
    'Errors come from halves of the data, each with its own fit window: they include the choice of window, but not finite-size corrections.',
};
