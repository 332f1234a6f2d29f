import { isExpected } from '../error.ts';
import { selected } from '../fit/jackknife.ts';
import { type ClassDistance, compareUniversality } from '../fit/universality.ts';
import type { UniversalityRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import { universalityClasses } from '../theory/universality.ts';
import { type Exponents, relationNames } from './exponents.ts';

/** A class to draw. */
export type ClassRow = Pick<UniversalityRow, 'class' | 'tau' | 'alpha' | 'gamma'>;

/** Exponents (τ, α, γ) that are held against the classes, with their covariance in this order. */
export interface MeasuredTriple {
  readonly tau: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly covariance: readonly (readonly number[])[];
}

/** The triple of an ensemble, γ from mean sizes; undefined where one of the three or its error doesn't exist. */
export function tripleOf({ jackknife }: Exponents): MeasuredTriple | undefined {
  const { estimate, covariance } = selected(jackknife, relationNames);
  const triple = { tau: estimate.tau, alpha: estimate.alpha, gamma: estimate.gammaScaling };
  const known = [...Object.values(triple), ...covariance.flat()].every(Number.isFinite);
  return known ? { ...triple, covariance } : undefined;
}

const names = ['tau', 'alpha', 'gamma'] as const;
function largestDifference(measured: MeasuredTriple, { class: candidate }: ClassDistance): number {
  const differences = names.flatMap((name) => {
    const value = candidate[name];
    return value === null ? [] : [Math.abs(measured[name] - value)];
  });
  return differences.length === 0 ? Number.NaN : Math.max(...differences);
}

/**
 * Rows of the `universality` table: every class with its distance, nearest first. None where there is no triple, or its covariance is
 * singular (too few blocks).
 * @param point the columns `ensemble` and `width`
 */
export function universalityRows(
  point: Partial<Pick<UniversalityRow, 'ensemble' | 'width'>>,
  measured: MeasuredTriple | undefined,
): UniversalityRow[] {
  if (measured === undefined) return [];
  let distances: ClassDistance[];
  try {
    distances = compareUniversality(measured, measured.covariance);
  } catch (error) {
    if (isExpected(error)) return [];
    throw error;
  }
  return distances.map((one) => ({
    ensemble: point.ensemble ?? null,
    width: point.width ?? null,
    class: one.class.id,
    names: one.class.names.join('; '),
    tau: one.class.tau,
    alpha: one.class.alpha,
    gamma: one.class.gamma,
    basis: one.class.basis,
    chi_square: orNull(one.chiSquare),
    degrees_of_freedom: one.degreesOfFreedom,
    p_value: orNull(one.pValue),
    largest_difference: orNull(largestDifference(measured, one)),
    ties: one.ties.join(', '),
    source: one.class.source,
  }));
}

/** `dp_2p1` as people write it: DP 2+1. */
export function className(id: string): string {
  const words = id.replace(/(\d)p1$/, '$1+1').split('_');
  const shown = words.map((word) => word.replace(/^(dp|rfim)$|^\dd$/, (part) => part.toUpperCase()));
  return shown.join(' ').replace(/^(brownian|manna|barkhausen)/, (name) => name[0]!.toUpperCase() + name.slice(1));
}

/**
 * Classes of a `universality` table to draw: those with all three exponents known before the rest, and then the ones that come nearest to
 * any ensemble in their worst exponent first.
 */
export function nearestClasses(rows: readonly UniversalityRow[], most = 6): ClassRow[] {
  const nearest = new Map<string, number>();
  for (const { class: id, largest_difference: difference } of rows) {
    if (typeof difference !== 'number') continue;
    nearest.set(String(id), Math.min(nearest.get(String(id)) ?? Infinity, difference));
  }
  const partly = ({ tau, alpha, gamma }: ClassRow): number => ([tau, alpha, gamma].includes(null) ? 1 : 0);
  return universalityClasses
    .filter(({ id }) => nearest.has(id))
    .map(({ id, tau, alpha, gamma }) => ({ id, class: className(id), tau, alpha, gamma }))
    .sort((a, b) => partly(a) - partly(b) || nearest.get(a.id)! - nearest.get(b.id)!)
    .slice(0, most)
    .map(({ id: _, ...row }) => row);
}
