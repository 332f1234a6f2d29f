import { attempt } from '../error.ts';
import { fitBinned } from '../fit/binned.ts';
import type { FitReport } from '../fit/fit-power-law.ts';
import { orderSample } from '../fit/ordered-sample.ts';
import { withError } from '../report/concise.ts';
import { plainNumber } from '../report/quantity.ts';
import { multiple } from './lattice.ts';
import { type RoundingGrid, roundingOf } from './rounding-grid.ts';
import type { Held } from './values.ts';

/** A power law of the intervals that rounded values stand for. */
export interface RoundedFit {
  readonly grid: RoundingGrid;
  /** Where the interval of the smallest value fitted begins. */
  readonly xmin: number;
  readonly exponent: number;
  readonly standardError: number;
}

/** Fewest values exactly at the smallest one fitted: real numbers hardly ever repeat. */
const leastAtXmin = 3;
/** By how much of its error rounding must move an exponent to be worth a word. */
const share = 1 / 3;

/**
 * The power law of values that were rounded to a coarse grid, where taking them as they are moves the exponent: those at xmin stand for an interval that
 * begins half a step below it, which makes the exponent too large (of magnitudes: Bender, Bull. Seismol. Soc. Am. 73, 831
 * (1983); Marzocchi & Sandri, Ann. Geophys. 46, 1271 (2003), doi:10.4401/ag-3472). Likelihood of the intervals: Virkar & Clauset, Ann. Appl. Stat. 8, 89
 * (2014), doi:10.1214/13-AOAS710. undefined where values lie on no such grid, or too fine a one.
 * @param report of the fit, in steps of the values held
 */
export function roundedFit({ sample, discrete, step, form }: Held, report: FitReport): RoundedFit | undefined {
  if (form === 'histogram') return undefined;
  const { position, countFrom } = orderSample(sample, discrete);
  const last = report.xmax ?? Infinity;
  const tail = Array.from(position.keys()).filter((j) => position[j]! >= report.xmin && position[j]! <= last);
  const counts = tail.map((j) => countFrom[j]! - countFrom[j + 1]!);
  if (!(counts[0]! >= leastAtXmin)) return undefined;
  const values = tail.map((j) => multiple(position[j]!, step));
  const rounded = roundingOf(values, counts, discrete ? step : undefined);
  if (rounded === undefined) return undefined;
  const edge = (x: number): number => (discrete ? Math.ceil(x / step - 1e-9) : x);
  const edges: number[] = [];
  const held: number[] = [];
  for (let i = 0, j = 0; i < rounded.lower.length; i++) {
    const [from, to] = [edge(rounded.lower[i]!), edge(rounded.upper[i]!)];
    const end = edges.at(-1);
    // Neighbouring intervals touch, but for the last digit.
    if (end === undefined) edges.push(from);
    else if (from > end * (1 + 1e-9)) {
      edges.push(from);
      held.push(0);
    }
    if (!(to > edges.at(-1)!)) return undefined;
    edges.push(to);
    let count = 0;
    for (; j < values.length && values[j]! < rounded.upper[i]!; j++) count += counts[j]!;
    held.push(count);
  }
  const fit = attempt(() => fitBinned({ discrete, edges, counts: held }, 0, held.length, report.xmax === null));
  if (fit === undefined || Math.abs(fit.exponent - report.exponent) <= share * fit.standardError) return undefined;
  return {
    grid: rounded.grid,
    xmin: multiple(fit.xmin, discrete ? step : 1),
    exponent: fit.exponent,
    standardError: fit.standardError,
  };
}

/** What was found, as a sentence. */
export function roundedInWords({ grid, xmin, exponent, standardError }: RoundedFit, report: FitReport): string {
  const from = plainNumber(report.xmin);
  const how =
    grid.kind === 'digits'
      ? `are rounded to ${grid.digits} ${grid.digits === 1 ? 'digit' : 'digits'}`
      : `lie a factor of ${plainNumber(grid.ratio)} apart, or powers of it, as rounded magnitudes do`;
  return `Values from ${from} on ${how}: each stands for an interval, the smallest for one from ${plainNumber(xmin)} on. A power law of these intervals has the exponent ${withError(exponent, standardError)}; the one above, and its distance and comparisons, take all values as they are.`;
}
