import { withError } from './concise.ts';
import { controlName } from './control-name.ts';
import type { Finding } from './finding.ts';
import { estimateOf, numberOf, type Row, textOf } from './table-row.ts';

/** A sentence as it begins after a name, and its numbers. */
export type Remark = Pick<Finding, 'sentence' | 'quantities' | 'verdict'>;

/** How sentences call networks whose weights have lost what was learned, by the kind of such a control. */
const weightControls: Readonly<Record<string, string>> = {
  'shuffled-weights': 'with its weights shuffled',
  'gaussian-weights': 'with Gaussian weights',
};

const calledIn = (kind: string): string =>
  weightControls[kind] === undefined ? `the ${controlName(kind)}` : `${weightControls[kind]} it`;

/** What null models say of the exponents of an ensemble, or that they have none. @param rows of table `surrogate` */
export function nullModelRemarks(rows: readonly Row[]): Remark[] {
  const symbols: Readonly<Record<string, string>> = { tau: 'τ', alpha: 'α', gamma_scaling: 'γ' };
  return [...new Set(rows.map((row) => textOf(row, 'surrogate')))].flatMap((kind) => {
    const own = rows.filter(
      (row) => textOf(row, 'surrogate') === kind && symbols[textOf(row, 'exponent')] !== undefined,
    );
    const lost = own.filter(
      (row) => estimateOf(row, 'measured') !== undefined && !Number.isFinite(numberOf(row, 'null_model')),
    );
    const none = lost.map((row) => symbols[textOf(row, 'exponent')]).join(', ');
    return [
      ...comparisonsWith(kind).flatMap(({ start, begin, end }) => {
        const some = own.filter((row) => textOf(row, 'verdict').startsWith(start));
        if (some.length === 0) return [];
        const words = some.map((row) => {
          const there = withError(numberOf(row, 'null_model'), numberOf(row, 'null_model_error'));
          return `${symbols[textOf(row, 'exponent')]} (${there} there)`;
        });
        const quantities = some.map((row) => ({
          quantity: textOf(row, 'exponent'),
          of: controlName(kind),
          value: numberOf(row, 'null_model'),
          error: numberOf(row, 'null_model_error'),
        }));
        return [{ sentence: `${begin} ${words.join(', ')}${end}`, quantities, verdict: start }];
      }),
      ...(lost.length === 0
        ? []
        : [
            {
              sentence: `${calledIn(kind)} has no ${none} to compare: too few of its avalanches lie in the range of the fits.`,
              verdict: 'missing',
            },
          ]),
    ];
  });
}

/** What is said of exponents by the beginning of their verdicts. */
const comparisonsWith = (kind: string) => {
  const control = weightControls[kind];
  const name = calledIn(kind);
  const meaning =
    control === undefined ? ', which says nothing about the dynamics.' : ': it takes no structure that was learned.';
  return [
    { start: 'survives', begin: `${name} has the same`, end: meaning },
    {
      start: 'differs',
      begin: `${name} has another`,
      // Errors of a network are over its perturbations, and know nothing of other networks.
      end:
        control === undefined
          ? '.'
          : ", which needn't be learned: single networks may differ by more than these errors; compare with one before training.",
    },
    {
      start: "can't be told",
      begin: `whether ${name} has the same can't be told of`,
      end: ': the errors are too large.',
    },
  ];
};
