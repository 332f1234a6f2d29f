export type RelationVerdict =
  | 'holds'
  | 'is in tension with the data'
  | 'does not hold'
  | "isn't decided"
  | "can't be judged";

/** Standard errors from which a relation is in tension with the data, and from which it doesn't hold. */
const tension = 2;
const broken = 3;

/**
 * Whether the crackling relation holds, in the words that terminal, page and JSON share.
 * @param deviations fitted less predicted γ, in standard errors
 * @param thin exponents of τ and α that stand on little: they decide nothing
 */
export function relationVerdict(deviations: number, thin: readonly string[]): RelationVerdict {
  const off = Math.abs(deviations);
  if (!Number.isFinite(off)) return "can't be judged";
  if (thin.length > 0) return "isn't decided";
  return off < tension ? 'holds' : off < broken ? 'is in tension with the data' : 'does not hold';
}

/** What decides nothing, of one or two exponents. */
export const onLittle = (thin: readonly string[]): string =>
  `${thin.join(' and ')} ${thin.length === 1 ? 'stands' : 'stand'} on little`;
