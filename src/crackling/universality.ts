import { attempt } from '../error.ts';
import type { FitReport } from '../fit/fit-power-law.ts';
import { selected } from '../fit/jackknife.ts';
import {
  type ClassDistance,
  compareUniversality,
  systematicError,
  type UniversalityOptions,
} from '../fit/universality.ts';
import { shortBranchingError } from '../fit/window/short-branching.ts';
import { shortDurationError } from '../fit/window/short-durations.ts';
import { className } from '../report/class-style.ts';
import type { UniversalityRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import { type UniversalityClass, universalityClasses } from '../theory/universality.ts';
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

/**
 * Systematic error of each exponent in the comparison with classes: what is allowed for window and finite size, or more where the window begins at so
 * few steps that whole numbers of them alone move an exponent by more ({@link shortDurationError}). τ and γ are moved by as much (Ornstein–Uhlenbeck
 * traces, windows from 1 to 4 on: −0.09, −0.11 and +0.09 for τ, α and γ), and where they don't go together (areas of lattice walks from 1 on: γ is 0.2 above
 * its prediction) the relation between the two γ is, so that its verdict allows each of them as much.
 */
export function classSystematic(
  duration: Pick<FitReport, 'xmin' | 'xmax' | 'largest'> | undefined,
  systematic: number,
): number {
  if (duration === undefined) return systematic;
  // Beyond the longest there are no values that an exponent could be of.
  const max = Math.min(duration.xmax ?? Infinity, duration.largest);
  const short = shortDurationError({ min: duration.xmin, max });
  return Number.isNaN(short) ? systematic : Math.max(systematic, short);
}

/**
 * {@link classSystematic} class by class: mean field is allowed what critical branching itself is off its limit over the same window, where that is more. It
 * comes to its limit more slowly than a walk, by a logarithm, in α and γ together (0.16 and 0.17 from 6 to 400 steps).
 */
export function classSystematics(
  duration: Pick<FitReport, 'xmin' | 'xmax' | 'largest'> | undefined,
  systematic: number,
): (one: Pick<UniversalityClass, 'id'>) => number {
  const common = classSystematic(duration, systematic);
  const branching =
    duration === undefined
      ? common
      : shortBranchingError({ min: duration.xmin, max: Math.min(duration.xmax ?? Infinity, duration.largest) });
  return ({ id }) => (id === 'mean_field' && branching > common ? branching : common);
}

/** The triple of an ensemble, γ from mean sizes; undefined where one of the three or its error doesn't exist. */
export function tripleOf({ jackknife }: Exponents): MeasuredTriple | undefined {
  const { estimate, covariance } = selected(jackknife, relationNames);
  const triple = { tau: estimate.tau, alpha: estimate.alpha, gamma: estimate.gammaScaling };
  const known = [...Object.values(triple), ...covariance.flat()].every(Number.isFinite);
  return known ? { ...triple, covariance } : undefined;
}

/**
 * Rows of the `universality` table: every class with its distance, nearest first, then those that can't be compared. None where there is
 * no triple, or its covariance is singular (too few blocks).
 * @param point the columns `ensemble` and `width`
 * @param systematic error of each exponent beside the statistical ones
 */
export function universalityRows(
  point: Partial<Pick<UniversalityRow, 'ensemble' | 'width'>>,
  measured: MeasuredTriple | undefined,
  systematic: NonNullable<UniversalityOptions['systematic']> = systematicError,
): UniversalityRow[] {
  if (measured === undefined) return [];
  const distances = attempt(() => compareUniversality(measured, measured.covariance, { systematic })) ?? [];
  return classRows(point, distances);
}

/** Rows of the `universality` table of distances that are known. */
export function classRows(
  point: Partial<Pick<UniversalityRow, 'ensemble' | 'width'>>,
  distances: readonly ClassDistance[],
): UniversalityRow[] {
  return distances.map((one) => ({
    ensemble: point.ensemble ?? null,
    width: point.width ?? null,
    class: one.class.id,
    names: one.class.names.join('; '),
    tau: one.class.tau,
    alpha: one.class.alpha,
    gamma: one.class.gamma,
    basis: one.class.basis,
    comparable: one.comparable,
    chi_square: orNull(one.chiSquare),
    p_value: orNull(one.pValue),
    largest_difference: orNull(one.largestDifference),
    systematic_error: one.systematic,
    ties: one.ties.join(', '),
    source: one.class.source,
  }));
}

/** Classes of a `universality` table to draw: the comparable ones that come nearest to any ensemble in χ², nearest first. */
export function nearestClasses(rows: readonly UniversalityRow[], most = 6): ClassRow[] {
  const nearest = new Map<string, number>();
  for (const { class: id, chi_square: distance } of rows) {
    if (typeof distance !== 'number') continue;
    nearest.set(String(id), Math.min(nearest.get(String(id)) ?? Infinity, distance));
  }
  return universalityClasses
    .filter(({ id }) => nearest.has(id))
    .sort((a, b) => nearest.get(a.id)! - nearest.get(b.id)!)
    .slice(0, most)
    .map(({ id, tau, alpha, gamma }) => ({ class: className(id), tau, alpha, gamma }));
}
