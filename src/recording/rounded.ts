import { attempt } from '../error.ts';
import type { BinnedFit } from '../fit/binned.ts';
import type { BinnedData } from '../fit/binned-bootstrap.ts';
import { fitBinnedTail } from '../fit/binned-xmin.ts';
import type { FitReport } from '../fit/fit-power-law.ts';
import type { GoodnessOfFit } from '../fit/goodness-of-fit.ts';
import { type OrderedSample, orderSample } from '../fit/ordered-sample.ts';
import { power } from '../numeric/power.ts';
import { withError } from '../report/concise.ts';
import { fullNumber, plainNumber } from '../report/quantity.ts';
import { multiple } from './lattice.ts';
import { type RoundingGrid, roundingOf } from './rounding-grid.ts';
import type { Held } from './values.ts';

/** A power law of the intervals that rounded values stand for. */
export interface RoundedFit {
  readonly grid: RoundingGrid;
  /** Where the interval of the smallest value fitted begins. */
  readonly xmin: number;
  /** Whether it was found among the edges of intervals. */
  readonly xminFound: boolean;
  readonly exponent: number;
  readonly standardError: number;
  /** Values fitted. */
  readonly n: number;
  /** Kolmogorov–Smirnov distance at the edges of intervals. */
  readonly ks: number;
  /** By a bootstrap whose samples are put into the same intervals; undefined where none was asked for, or both cutoffs were found. */
  readonly goodness: GoodnessOfFit | undefined;
}

/** What there is to be fitted. */
export interface Intervals {
  readonly grid: RoundingGrid;
  readonly data: BinnedData;
  readonly fit: BinnedFit;
  /** How many units of the data one of the fit is. */
  readonly step: number;
}

/** Fewest values that are equal, at xmin or anywhere: real numbers hardly ever repeat. */
const leastEqual = 3;
/** By how much of its error rounding must move an exponent to be worth a word, and by how much of 1/√n a distance, whose own scatter is 0.2 of that. */
const share = 1 / 3;
const farther = 0.1;
/** How many values of a sample the law may have beyond the last interval. */
const beyond = 1e-3;
/** The last interval takes what lies farther up than so many times xmin. */
const farthest = 1e20;

/** Distinct values of a sample from an index on, with their counts. */
function valuesFrom({ position, countFrom }: OrderedSample, from: number, end: number, step: number) {
  const values: number[] = [];
  const counts: number[] = [];
  for (let j = from; j < end; j++) {
    values.push(multiple(position[j]!, step));
    counts.push(countFrom[j]! - countFrom[j + 1]!);
  }
  return { values, counts };
}

/** Counts in the intervals of a grid; undefined where intervals are no wider than the step. */
function counted(
  { values, counts }: ReturnType<typeof valuesFrom>,
  edgesOfGrid: readonly number[],
  unit: number | undefined,
): { edges: number[]; held: number[] } | undefined {
  const edges: number[] = [];
  for (const given of edgesOfGrid) {
    const edge = unit === undefined ? given : Math.ceil(given / unit - 1e-9);
    if (edges.length === 0 || edge > edges.at(-1)!) edges.push(edge);
  }
  const held = new Array<number>(edges.length - 1).fill(0);
  for (let i = 0, b = 0; i < values.length; i++) {
    const x = unit === undefined ? values[i]! : Math.round(values[i]! / unit);
    while (b < held.length && x >= edges[b + 1]!) b++;
    if (b === held.length) return undefined;
    held[b]! += counts[i]!;
  }
  return { edges, held };
}

/**
 * The power law of values that were rounded to a coarse grid, where taking them as they are moves the exponent, or the distance: those at xmin stand for
 * an interval that begins half a step below it, which makes the exponent too large (of magnitudes: Bender, Bull. Seismol. Soc. Am. 73, 831
 * (1983); Marzocchi & Sandri, Ann. Geophys. 46, 1271 (2003), doi:10.4401/ag-3472), and the law runs between where the values lie. Likelihood, distance and
 * cutoff of the intervals: Virkar & Clauset, Ann. Appl. Stat. 8, 89 (2014), doi:10.1214/13-AOAS710. undefined where values lie on no such grid, or too fine
 * a one. Where all do, a lower cutoff that isn't given is found among edges of intervals; else the one of the values as they are is taken.
 * @param report of the fit, in steps of the values held
 * @param findXmin whether it was to be found, without an upper cutoff that was
 */
export function intervalsOf(
  { sample, discrete, step, form }: Held,
  report: FitReport,
  findXmin: boolean,
): Intervals | undefined {
  if (form === 'histogram') return undefined;
  const ordered = orderSample(sample, discrete);
  const { position, countFrom } = ordered;
  const xmax = report.xmax ?? Infinity;
  const end = position.findIndex((x) => x > xmax);
  const stop = end < 0 ? position.length : end;
  const start = position.findIndex((x) => x >= report.xmin);
  const repeated = findXmin && position.some((_, j) => countFrom[j]! - countFrom[j + 1]! >= leastEqual);
  // Multiples of 0.1 that others lie coarser than were real numbers: their step is a last digit.
  const whole = discrete && step >= 1;
  const unit = whole ? step : undefined;
  for (const from of repeated ? [0, start] : [start]) {
    const own = valuesFrom(ordered, from, stop, step);
    if (from === start && !(own.counts[0]! >= leastEqual)) continue;
    const rounded = roundingOf(own.values, own.counts, discrete ? step : undefined);
    if (rounded === undefined) continue;
    const open = report.xmax === null;
    const n = countFrom[from]! - countFrom[stop]!;
    const high = (open ? reach(report, n) : xmax) * (discrete ? step : 1);
    const bins = counted(own, rounded.edgesTo(high), unit);
    if (bins === undefined) continue;
    const cutoffs = { first: from === 0 && findXmin ? ('auto' as const) : 0, last: bins.held.length, open };
    const data = { discrete: whole, edges: bins.edges, counts: bins.held, cutoffs };
    const fit = attempt(() => fitBinnedTail(data, cutoffs));
    if (fit === undefined) continue;
    const moved = Math.abs(fit.exponent - report.exponent) > share * fit.standardError;
    const off = report.ks - fit.ks > farther / Math.sqrt(fit.n);
    return moved || off ? { grid: rounded.grid, data, fit, step: whole ? step : 1 } : undefined;
  }
  return undefined;
}

/** How far up a sample of the law may have values, by its fit to values as they are, whose exponent may be too large. */
const reach = ({ xmin, exponent }: FitReport, n: number): number =>
  xmin * Math.min(power(n / beyond, 1 / (0.7 * (exponent - 1))), farthest);

/** What intervals come to. */
export const roundedFit = ({ grid, data, fit, step }: Intervals, goodness: GoodnessOfFit | undefined): RoundedFit => ({
  grid,
  xmin: multiple(fit.xmin, step),
  xminFound: data.cutoffs.first === 'auto',
  exponent: fit.exponent,
  standardError: fit.standardError,
  n: fit.n,
  ks: fit.ks,
  goodness,
});

/** What was found, as a sentence. */
export function roundedInWords({
  grid,
  xmin,
  xminFound,
  exponent,
  standardError,
  n,
  ks,
  goodness,
}: RoundedFit): string {
  const how =
    grid.kind === 'digits'
      ? `are rounded to ${grid.digits} ${grid.digits === 1 ? 'digit' : 'digits'}`
      : `lie a factor of ${plainNumber(grid.ratio)} apart, or powers of it, as rounded magnitudes do`;
  const error = (xminFound ? goodness?.exponentError : undefined) ?? standardError;
  const p =
    goodness === undefined
      ? ''
      : `, and p = ${withError(goodness.pValue, goodness.standardError)} where synthetic samples are rounded, too`;
  return `Values ${how}: each stands for an interval. A power law of these intervals has the exponent ${withError(exponent, error)} from ${plainNumber(xmin)} on (${xminFound ? 'found, ' : ''}${fullNumber(n)} values), a distance of ${plainNumber(ks, 3)}${p}; what stands above takes all values as they are.`;
}
