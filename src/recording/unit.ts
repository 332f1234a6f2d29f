import { ParameterError } from '../error.ts';
import type { AlternativeReport, FitReport } from '../fit/fit-power-law.ts';
import type { GoodnessOfFit } from '../fit/goodness-of-fit.ts';
import { multiple } from './lattice.ts';

type Cutoff = number | 'auto' | null;

/**
 * A cutoff as a number of steps: the first multiple at or above a lower one, the last at or below an upper one. Among integers it must be one.
 * @throws ParameterError for an upper cutoff below the first step
 */
export function inSteps<C extends Cutoff>(cutoff: C, step: number, side: 'lower' | 'upper'): C {
  if (typeof cutoff !== 'number' || step === 1) return cutoff;
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
export function goodnessInUnit(goodness: GoodnessOfFit | undefined, step: number): GoodnessOfFit | undefined {
  if (goodness === undefined || step === 1) return goodness;
  const [low, high] = goodness.xminRange;
  return { ...goodness, xminRange: [multiple(low, step), multiple(high, step)] };
}

/** A fit to numbers of steps, said in the unit of the data. */
export function inUnit(report: FitReport, step: number): FitReport {
  if (step === 1) return report;
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
    largest: multiple(report.largest, step),
    xmin: multiple(report.xmin, step),
    xmax: report.xmax === null ? null : multiple(report.xmax, step),
    alternatives: report.alternatives.map((other) => ({
      ...other,
      parameters: parameters(other.parameters),
      standard_errors: errors(other.standard_errors),
    })),
  };
}
