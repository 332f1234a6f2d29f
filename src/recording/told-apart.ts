import type { EnsembleRow } from '../schema/columns.ts';

/** What ensembles are told apart by, as the columns of their table and as parameters are called. */
const told = {
  model: 'model',
  width: 'width',
  depth: 'depth',
  activation: 'activation',
  weight_variance: 'weight variance',
  bias_variance: 'bias variance',
  input_norm: 'input norm',
  threshold: 'threshold',
  reuse: 'reuse',
  surrogate: 'surrogate',
} as const satisfies Partial<Record<keyof EnsembleRow, string>>;

type Column = keyof typeof told;

const same = (a: unknown, b: unknown): boolean =>
  typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= 1e-9 * Math.abs(b) : a === b;

/** The first thing in which two ensembles differ, as each of them has it: `width 64`; undefined where they are the same. */
export function difference(
  one: Pick<EnsembleRow, Column>,
  other: Pick<EnsembleRow, Column>,
): { one: string; other: string } | undefined {
  const column = (Object.keys(told) as Column[]).find((name) => !same(one[name], other[name]));
  if (column === undefined) return undefined;
  const of = (row: Pick<EnsembleRow, Column>): string => `${told[column]} ${row[column] ?? 'none'}`;
  return { one: of(one), other: of(other) };
}
