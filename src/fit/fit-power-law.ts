import { ParameterError } from '../error.ts';
import { censoredDistance, chooseCensored } from './censored/choose.ts';
import { estimateCensored } from './censored/estimate.ts';
import { kaplanMeier } from './censored/kaplan-meier.ts';
import { type CensoredSample, isCensored, orderCensored } from './censored/sample.ts';
import type { CensoredTail } from './censored/tail.ts';
import { scanXmin } from './cutoff-scan.ts';
import { type KsConvention, kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { ALTERNATIVES, type Comparison, compareAlternatives } from './likelihood-ratio.ts';
import { type OrderedSample, orderSample, type Sample } from './ordered-sample.ts';
import { estimatePowerLaw, type PowerLawEstimate } from './power-law.ts';
import { cutTail, type Tail } from './tail.ts';
import { alternativeInWords } from './verdict.ts';
import type { Acceptance } from './window/acceptance.ts';
import type { WindowOptions } from './window/candidates.ts';
import { smallestKsWindow } from './window/smallest-ks.ts';
import { widestWindow } from './window/widest.ts';

/** Cutoffs of a power law, given or how they are found. */
export interface CutoffOptions {
  /** Lower cutoff, or `auto` (default): the one of smallest Kolmogorov–Smirnov distance. */
  readonly xmin?: number | 'auto';
  /** Upper cutoff; null (default): none; `auto`: both cutoffs by the rule of windows. */
  readonly xmax?: number | 'auto' | null;
  /**
   * How both cutoffs are found together: the window of smallest distance (`smallest-ks`, default), or the
   * widest acceptable one (`widest`).
   */
  readonly rule?: 'smallest-ks' | 'widest';
  readonly convention?: KsConvention;
  /**
   * Candidates for xmin: every distinct value, or at most so many evenly over ln x. Default: every one up to 200,000,
   * else 2000.
   */
  readonly candidates?: 'all' | number;
  /** Fewest values that a tail found by scan may have; default 2, and 50 where xmax is `auto`. */
  readonly leastTail?: number;
  readonly window?: Omit<WindowOptions, 'xmin' | 'xmax'> & Acceptance;
}

/** How a power law is fitted. */
export interface FitOptions extends CutoffOptions {
  /** Whether raw values are integers; default false. A grouped sample says so itself. */
  readonly discrete?: boolean;
  /** Also compare with the alternatives; default true. */
  readonly alternatives?: boolean;
}

/** An alternative in a {@link FitReport}; limits that have no number are null. */
export interface AlternativeReport {
  readonly name: string;
  readonly ratio: number;
  readonly normalized_ratio: number;
  /** NaN below `leastForRatio`: too few values, or distinct ones. */
  readonly p_value: number;
  readonly nested: boolean;
  readonly degenerate: boolean;
  readonly log_likelihood: number;
  readonly parameters: Readonly<Record<string, number | null>>;
  /** From the observed information; null where there is none. */
  readonly standard_errors: Readonly<Record<string, number | null>>;
  readonly meaning: string;
}

/** A power-law fit as a plain object: the keys of `crackle fit --json`. */
export interface FitReport {
  readonly discrete: boolean;
  readonly exponent: number;
  readonly standard_error: number;
  readonly xmin: number;
  readonly xmax: number | null;
  readonly n: number;
  readonly n_tail: number;
  /** Distinct values in the tail, or occupied groups. */
  readonly n_distinct: number;
  /** The largest value in the tail, or the lower edge of its group. */
  readonly largest: number;
  readonly n_excluded: number;
  readonly ks: number;
  readonly ks_convention: KsConvention;
  readonly log_likelihood: number;
  /** Goodness of fit by bootstrap: null until it has been asked for. */
  readonly p_value: number | null;
  readonly alternatives: readonly AlternativeReport[];
  /** Of a sample some of whose values are known by a lower bound alone; `n` counts them, `n_tail` doesn't. */
  readonly censored?: CensoredPart;
}

/** The part of a fit that values known by a lower bound alone have. */
export interface CensoredPart {
  /** How many values are known so. */
  readonly n: number;
  /** Those whose bound lies above xmin, and not above xmax. */
  readonly n_tail: number;
  /** Share of all values from xmin on that lie beyond xmax; 0 without one. */
  readonly share_beyond: number;
}

/** The tail between cutoffs that are given or found. */
export function chooseTail(sample: OrderedSample, options: CutoffOptions): Tail {
  const { xmin = 'auto', xmax = null, convention = 'left', rule = 'smallest-ks' } = options;
  if (xmax === 'auto') {
    const leastTail = options.leastTail === undefined ? {} : { leastTail: options.leastTail };
    const how = { ...options.window, ...leastTail, xmin };
    return rule === 'widest' ? widestWindow(sample, how).tail : smallestKsWindow(sample, { ...how, convention });
  }
  const most = xmax ?? Infinity;
  if (xmin !== 'auto') return cutTail(sample, xmin, most);
  const candidates = options.candidates ?? (sample.position.length <= 200_000 ? 'all' : 2000);
  return scanXmin(sample, most, { candidates, convention, leastTail: options.leastTail ?? 2 });
}

/**
 * Fits a power law to raw values or a grouped sample by maximum likelihood, cutoffs given or found, with standard error
 * from the Fisher information, distance, likelihood and, by default, its comparison with the four alternatives. The
 * standard error is that of independent values with known cutoffs: for avalanches that share networks take the
 * jackknife. Values that are known by a lower bound alone (a {@link CensoredSample}) enter likelihoods, those of the alternatives too, as P(X ≥ bound); the
 * distance is then that from the product-limit estimate.
 * @throws ParameterError where the data or the options don't allow a fit
 */
export function fitPowerLaw(sample: Sample | CensoredSample, options: FitOptions = {}): FitReport {
  checkOptions(options);
  if (isCensored(sample)) return fitCensored(sample, options);
  const ordered = orderSample(sample, options.discrete);
  const convention = options.convention ?? 'left';
  const tail = chooseTail(ordered, options);
  const fit = estimatePowerLaw(tail);
  return reportOn(tail, fit, ordered.countFrom[0]!, kolmogorovSmirnov(tail, fit, convention), options);
}

function fitCensored(sample: CensoredSample, options: FitOptions): FitReport {
  const ordered = orderCensored(sample, options.discrete);
  const n = ordered.bounds.countFrom[0]!;
  if (n === 0) return fitPowerLaw(sample.values, options);
  const tail = chooseCensored(ordered, options);
  const fit = estimateCensored(tail);
  const ks = censoredDistance(kaplanMeier(ordered), tail, fit, options.convention);
  const report = reportOn(tail, fit, ordered.values.countFrom[0]! + n, ks, options);
  return { ...report, censored: { n, n_tail: fit.censored, share_beyond: fit.beyond } };
}

function reportOn(
  tail: Tail | CensoredTail,
  fit: PowerLawEstimate,
  n: number,
  ks: number,
  { convention = 'left', alternatives = true }: FitOptions,
): FitReport {
  const comparisons = alternatives ? compareAlternatives(tail, fit, ALTERNATIVES) : [];
  return {
    discrete: fit.discrete,
    exponent: fit.exponent,
    standard_error: fit.standardError,
    xmin: fit.xmin,
    xmax: fit.xmax === Infinity ? null : fit.xmax,
    n,
    n_tail: fit.n,
    n_distinct: tail.last - tail.first,
    largest: tail.sample.position[tail.last - 1]!,
    n_excluded: tail.sample.excluded,
    ks,
    ks_convention: convention,
    log_likelihood: fit.logLikelihood,
    p_value: null,
    alternatives: comparisons.map(reportOf),
  };
}

const orNull = (numbers: Readonly<Record<string, number>>): Record<string, number | null> =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number.isFinite(value) ? value : null]));

function reportOf(comparison: Comparison): AlternativeReport {
  const report = {
    name: comparison.name,
    ratio: comparison.ratio,
    normalized_ratio: comparison.normalizedRatio,
    p_value: comparison.pValue,
    nested: comparison.nested,
    degenerate: comparison.degenerate,
    log_likelihood: comparison.logLikelihood,
    parameters: orNull(comparison.parameters),
    standard_errors: orNull(comparison.standardErrors),
  };
  return { ...report, meaning: alternativeInWords(report) };
}

/**
 * A power law fitted between given cutoffs xmin ≤ x ≤ xmax by maximum likelihood, with its Kolmogorov–Smirnov distance `ks`. Of grouped samples
 * it costs as much as there are groups, not values: cheap enough to follow a run.
 * @throws ParameterError for cutoffs out of order, or not integers for discrete data, and where nothing lies between them, or all of it at one cutoff
 */
export function fitBounded(sample: Sample, xmin: number, xmax: number): PowerLawEstimate & { readonly ks: number } {
  const tail = cutTail(orderSample(sample), xmin, xmax);
  const fit = estimatePowerLaw(tail);
  return { ...fit, ks: kolmogorovSmirnov(tail, fit) };
}

function checkOptions({ xmin, xmax, candidates, leastTail }: FitOptions): void {
  const number = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
  if (xmin !== undefined && xmin !== 'auto' && !number(xmin)) {
    throw new ParameterError(`xmin must be a positive number or auto, got ${xmin}`);
  }
  if (xmax !== undefined && xmax !== null && xmax !== 'auto' && !number(xmax)) {
    throw new ParameterError(`xmax must be a number, auto or null, got ${xmax}`);
  }
  if (candidates !== undefined && candidates !== 'all' && !(Number.isInteger(candidates) && candidates > 0)) {
    throw new ParameterError(`candidates must be a positive integer or all, got ${candidates}`);
  }
  if (leastTail !== undefined && !(Number.isInteger(leastTail) && leastTail >= 2)) {
    throw new ParameterError(`leastTail must be an integer of at least 2, got ${leastTail}`);
  }
}
