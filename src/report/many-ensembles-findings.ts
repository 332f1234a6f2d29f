import type { Side } from './criticality-finding.ts';
import type { Finding } from './finding.ts';
import { markedSymbols, marksOf } from './footing-summary.ts';
import { type Judging, testOf } from './relation-test.ts';
import { relationVerdict, relationVerdicts } from './relation-verdict.ts';
import type { Series } from './series.ts';
import { measured, quantityOf } from './summary-cells.ts';
import { estimateOf, numberOf, type Row } from './table-row.ts';

/** Names, of many the first and the last. */
const listed = (names: readonly string[]): string =>
  names.length <= 6
    ? names.join(names.some((name) => name.includes(',')) ? '; ' : ', ')
    : `${names[0]} … ${names.at(-1)}`;

/** Many ensembles in a few sentences. */
export function inAll(series: readonly Series[], rows: readonly Row[], judgings: readonly Judging[]): Finding[] {
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
  const thin = rows.filter((row) => markedSymbols(marksOf(row)) !== '').length;
  const told = spans.length === 0 ? 'no exponent could be fitted' : spans.map(({ text }) => text).join('; ');
  return [
    {
      sentence: `${series.length} ensembles (${listed(series.map(({ label }) => label))}): ${told}.`,
      quantities: spans.flatMap(({ quantities }) => quantities),
    },
    ...relationInAll(rows, judgings),
    ...(thin === 0
      ? []
      : [
          {
            sentence: `Exponents of ${thin === 1 ? 'one of them' : `${thin} of them`} are poorly constrained (°): fewer than 100 values, or less than one decade.`,
            quantities: [{ quantity: 'ensembles', of: 'read with care', value: thin, count: rows.length }],
          },
        ]),
  ];
}

/** How often each verdict on the crackling relation was given; nothing where none could be. */
function relationInAll(rows: readonly Row[], judgings: readonly Judging[]): Finding[] {
  const verdicts = rows.map((row, i) => relationVerdict(testOf(row, judgings[i]!)));
  if (verdicts.every((verdict) => verdict === "can't be tested")) return [];
  const counts = relationVerdicts.map((verdict) => ({
    verdict,
    value: verdicts.filter((own) => own === verdict).length,
  }));
  const tested = counts
    .filter(({ verdict, value }) => value > 0 && verdict !== "can't be tested")
    .map(({ verdict, value }) => `${verdict} in ${value}`);
  const untested = counts.at(-1)!.value;
  return [
    {
      sentence: `Of ${rows.length} ensembles the crackling relation ${tested.join(', ')}${untested > 0 ? `; in ${untested} it can't be tested` : ''}.`,
      quantities: counts.map(({ verdict, value }) => ({
        quantity: 'ensembles',
        of: `crackling relation ${verdict}`,
        value,
        count: rows.length,
      })),
    },
  ];
}

/** Which of many ensembles are off the critical point, and on which side. */
export function sidesInAll(series: readonly Series[], sides: readonly (Side | undefined)[]): Finding[] {
  return (['subcritical', 'supercritical'] as const).flatMap((verdict) => {
    const those = series.filter((_, i) => sides[i]?.verdict === verdict);
    if (those.length === 0) return [];
    const of = those.length === series.length ? '' : ` (${listed(those.map(({ label }) => label))})`;
    return [
      {
        sentence: `${those.length} of ${series.length} ensembles ${those.length === 1 ? 'is' : 'are'} ${verdict}${of}.`,
        quantities: [{ quantity: 'ensembles', of: verdict, value: those.length, count: series.length }],
        verdict,
      },
    ];
  });
}
