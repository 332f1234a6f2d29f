import { ParameterError } from '../error.ts';
import type { AlternativeReport, FitReport } from '../fit/fit-power-law.ts';
import type { GoodnessOfFit } from '../fit/goodness-of-fit.ts';
import { multiple } from './lattice.ts';

type Cutoff = number | 'auto' | null;

/** What values are counted in: steps that all are multiples of, or a unit in which real numbers are of ordinary magnitude. */
export interface Unit {
  readonly step: number;
  readonly whole: boolean;
}

/** Beyond these magnitudes sums of squares leave the range of doubles. */
const ordinary = 1e100;

/** A power of two in which real numbers like these are near 1, where they are of no ordinary magnitude; else 1. Dividing by it loses nothing. */
export function magnitudeOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++)
    if (Math.abs(values[i]!) < Infinity) largest = Math.max(largest, Math.abs(values[i]!));
  if (largest === 0 || (largest < ordinary && largest > 1 / ordinary)) return 1;
  return 2 ** Math.max(-1022, Math.floor(Math.log2(largest)));
}

/** A value in its unit, in that of the data. */
export const times = (value: number, { step, whole }: Unit): number =>
  step === 1 ? value : whole ? multiple(value, step) : value * step;

/**
 * A cutoff in its unit: of steps, the first multiple at or above a lower one, the last at or below an upper one. Among integers it must be one.
 * @throws ParameterError for an upper cutoff below the first step
 */
export function inSteps<C extends Cutoff>(cutoff: C, { step, whole }: Unit, side: 'lower' | 'upper'): C {
  if (typeof cutoff !== 'number' || step === 1) return cutoff;
  if (!whole) return (cutoff / step) as C;
  const steps = cutoff / step;
  const nearest = Math.round(steps);
  const inside = side === 'lower' ? Math.ceil(steps) : Math.floor(steps);
  const k = Math.abs(steps - nearest) <= 1e-9 * nearest ? nearest : inside;
  if (k < 1)
    throw new ParameterError(`xmax must be at least ${step}, of which all values are multiples, got ${cutoff}`);
  return k as C;
}

const unitOf: Readonly<Record<string, (value: number, step: number) => number>> = {
  lambda: (value, step) => value / step,
  mu: (value, step) => value + Math.log(step),
  log_lambda: (value, step) => value - Math.log(step),
};

/** The bootstrap's cutoffs in the unit of the data. */
export function goodnessInUnit(goodness: GoodnessOfFit | undefined, unit: Unit): GoodnessOfFit | undefined {
  if (goodness === undefined || unit.step === 1) return goodness;
  const [low, high] = goodness.xminRange;
  return { ...goodness, xminRange: [times(low, unit), times(high, unit)] };
}

/** A fit to values in a unit of their own, said in that of the data. */
export function inUnit(report: FitReport, unit: Unit): FitReport {
  const { step, whole } = unit;
  if (step === 1) return report;
  // Densities have a unit, probabilities of steps none.
  const likelihood = (value: number): number => (whole ? value : value - report.n_tail * Math.log(step));
  const parameters = (given: AlternativeReport['parameters']) =>
    Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        value === null ? null : (unitOf[name]?.(value, step) ?? value),
      ]),
    );
  const errors = ({ lambda, ...rest }: AlternativeReport['standard_errors']) =>
    lambda === undefined ? rest : { ...rest, lambda: lambda === null ? null : lambda / step };
  return {
    ...report,
    largest: times(report.largest, unit),
    xmin: times(report.xmin, unit),
    xmax: report.xmax === null ? null : times(report.xmax, unit),
    log_likelihood: likelihood(report.log_likelihood),
    alternatives: report.alternatives.map((other) => ({
      ...other,
      log_likelihood: likelihood(other.log_likelihood),
      parameters: parameters(other.parameters),
      standard_errors: errors(other.standard_errors),
    })),
  };
}
