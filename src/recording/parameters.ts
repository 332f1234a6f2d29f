import * as z from 'zod/mini';
import { resolution, scalingOf, scalingWeights, systematic } from '../crackling/parameters.ts';
import { decimal } from '../decimal.ts';
import {
  above,
  choice,
  flag,
  integer,
  list,
  optional,
  type ParameterSpec,
  parameter,
  positive,
  real,
  text,
  type ValuesOf,
} from '../parameter.ts';
import { sizeKinds } from '../schema/size.ts';
import { type SeriesKind, seriesKinds } from '../surrogate/series.ts';

const finite = z.number();
const above0 = z.number().check(z.positive());

const name = (doc: string): ParameterSpec<string | undefined> =>
  optional({ ...text(doc, '', 'the name of a column', (word) => word !== ''), placeholder: 'column' });

const lowest = (doc: string): ParameterSpec<number | 'auto'> =>
  parameter<number | 'auto'>(
    doc,
    'auto',
    'number|auto',
    'a positive number or auto',
    z.union([above0, z.literal('auto')]),
    (word) => (word === 'auto' ? word : decimal(word)),
  );

const highest = (doc: string, fallback: 'auto' | null): ParameterSpec<number | 'auto' | null> =>
  parameter<number | 'auto' | null>(
    doc,
    fallback,
    'number|auto|none',
    'a positive number, auto or none',
    z.union([above0, z.literal('auto'), z.null()]),
    (word) => (word === 'auto' ? word : word === 'none' ? null : decimal(word)),
  );

/** The threshold of a recorded trace: a number, or one that is found in the trace; `sd`: so many standard deviations from the mean. */
export type Threshold = number | 'mean' | 'median' | { readonly quantile: number } | { readonly sd: number };

const threshold = (doc: string): ParameterSpec<Threshold> =>
  parameter<Threshold>(
    doc,
    1,
    'number|mean|median|quantile:q|Nsd',
    'a number, median, mean, quantile:q with 0 ≤ q ≤ 1, or standard deviations from the mean as in -3sd',
    z.union([
      finite,
      z.enum(['mean', 'median']),
      z.object({ quantile: z.number().check(z.gte(0), z.lte(1)) }),
      z.object({ sd: finite }),
    ]),
    (word) => {
      if (word === 'median' || word === 'mean') return word;
      const [, sd] = /^(.+?)\s*sd$/i.exec(word) ?? [];
      if (sd !== undefined) return { sd: decimal(sd) };
      const [, q] = /^quantile:(.+)$/.exec(word) ?? [];
      return q === undefined ? decimal(word) : { quantile: decimal(q) };
    },
  );

const names = parameter<readonly [size: string, duration: string]>(
  'columns of size and duration of avalanches',
  ['size', 'duration'],
  'size,duration',
  "the names of two columns, of sizes and of durations (--avalanches size,duration; in a script ['size', 'duration'])",
  z.tuple([z.string().check(z.minLength(1)), z.string().check(z.minLength(1))]),
  (word) => word.split(',').map((name) => name.trim()),
);

const rowParameters = {
  where: parameter<readonly string[]>(
    'only rows like column=value (also !=, <, <=, >, >=); can be repeated',
    [],
    'condition',
    'conditions like column=value',
    z.array(z.string()),
    (word) => [word],
  ),
  skipMissing: flag('leave out missing, NaN and infinite values; in a trace they are gaps', false),
};

const lawParameters = {
  discrete: optional(flag('values (or sizes) are integers', true)),
  alternatives: flag('comparison with exponential, lognormal, stretched exponential, truncated power law', true),
  window: optional(
    choice(
      'how cutoffs are found together: the widest window that a power law passes (widest; of avalanches by default), or by Kolmogorov–Smirnov distance (smallest-ks); given: none but those given',
      'widest',
      ['widest', 'smallest-ks', 'given'],
    ),
  ),
  decades: positive('fewest decades between two cutoffs that are found together', 1),
  bootstrap: optional(integer('goodness of fit from so many synthetic samples (1000: p to ±0.015)', 1000)),
};

const counts = name('column that says how often the value, or the avalanche, of each row is there');

const extentParameters = {
  blocks: integer('blocks that errors come from, at least, where there are enough avalanches', 32, 2),
  sizeMin: lowest('smallest size fitted'),
  sizeMax: above(highest('largest size fitted', 'auto'), 'sizeMin'),
  durationMin: lowest('shortest duration fitted'),
  durationMax: above(highest('longest duration fitted', 'auto'), 'durationMin'),
  collapseMin: optional(
    integer('shortest duration in the shape collapse; default: as in the fit, but 10 where that leaves a decade', 10),
  ),
  collapseMax: above(
    optional(integer('longest duration in the shape collapse; default: as in the fit', 1000)),
    'collapseMin',
  ),
  scalingCount: integer(
    'with scaling-weights log: avalanches a group of durations takes in the fit of size against duration, fewer where there are too few for twenty groups',
    100,
    2,
  ),
  scalingOf,
  scalingWeights,
  collapseRatio: real(
    'durations in the collapse are grouped from collapse-min on by this ratio, 1: each for itself',
    1.1,
    1,
    10,
  ),
  profileCount: integer('avalanches a group of durations in the collapse takes at least', 50),
  systematic,
  resolution,
};

/** Options of {@link fitColumn}, declared once: for the library, flags and `--help`. */
export const columnParameters = {
  column: name('column to fit, or of the trace; needed where there are several'),
  countColumn: counts,
  censored: name(
    'column that is true (or 1) where the value is a lower bound: it was that large when the watching ended. Such values count as P(X ≥ bound); every value is kept, and no window is found',
  ),
  ...rowParameters,
  ...lawParameters,
  xmin: lowest('smallest value fitted; auto: by Kolmogorov–Smirnov distance'),
  xmax: above(highest('largest value fitted; auto, or a --window: both cutoffs are found', null), 'xmin'),
  ks: choice(
    'sides of the steps that the Kolmogorov–Smirnov distance is taken at: P(X ≥ x) at each value (left), also P(X > x) (two-sided), or as in the program of Clauset et al. 2009, whose published cutoffs it gives (clauset)',
    'left',
    ['left', 'two-sided', 'clauset'],
  ),
  candidates: optional(
    parameter<number | 'all'>(
      'values tried for xmin; default: all up to 200,000 distinct ones, else 2000',
      'all',
      'n|all',
      'an integer of at least 2, or all',
      z.union([z.int().check(z.gte(2)), z.literal('all')]),
      (word) => (word === 'all' ? word : decimal(word)),
    ),
  ),
  exact: flag('keep every value, however many', false),
  rawLimit: integer('values kept as they are before a histogram takes over', 2_000_000),
};

/** Options of {@link fitAvalanches}. */
export const avalancheParameters = {
  countColumn: counts,
  ...rowParameters,
  ...lawParameters,
  ...extentParameters,
  avalanches: names,
  blockBy: name('column of what is independent, integers or names (network, session), for the jackknife'),
};

/** Options of {@link fitTrace}. */
export const traceParameters = {
  column: columnParameters.column,
  ...rowParameters,
  ...lawParameters,
  ...extentParameters,
  threshold: optional(
    threshold('where an avalanche begins: of each channel with channels; default with a time bin: above 0 events'),
  ),
  below: flag('avalanches are rows below the threshold (negative deflections); their signal counts downwards', false),
  above: flag('rows exactly at the threshold are outside avalanches', false),
  channels: optional(
    parameter<readonly string[]>(
      'columns of several channels, * standing for any letters: every excursion beyond the threshold is an event at its extremum, all in one raster; without a threshold they count events (spikes) themselves',
      [],
      'column,…',
      'names of columns, separated by commas',
      z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
      (word) => word.split(',').map((part) => part.trim()),
    ),
  ),
  size: choice(
    'size of an avalanche, and what its shape is of: the excess over the threshold, Σ (signal − threshold), or the signal from zero, Σ signal',
    'excess',
    [...sizeKinds],
  ),
  trial: name('column that names the trial of a row: avalanches never cross trials'),
  lags: integer('largest step k of the multistep branching ratio, in rows; a few autocorrelation times do', 100, 2),
  branchingMeans: choice(
    'means that the multistep branching ratio takes off: of each trial (ratio of sums, or average of ratios), or of all',
    'within-trials',
    ['within-trials', 'trial-separated', 'stationary-mean'],
  ),
  branchingFit: choice('law of the multistep branching ratio; auto: an offset where there is one', 'auto', [
    'auto',
    'exponential',
    'exponential-offset',
  ]),
  timeBin: optional(
    parameter<number | 'mean'>(
      'the column holds times of events (dates and times count in seconds): count them in bins; mean: of the mean interval; with channels: in rows',
      'mean',
      'width|mean',
      'a positive number or mean',
      z.union([above0, z.literal('mean')]),
      (word) => (word === 'mean' ? word : decimal(word)),
    ),
  ),
  profilePoints: integer('points of the grid that shapes are interpolated on', 50, 4),
  surrogate: list<SeriesKind | 'none'>(
    'null models measured beside the trace: gaussian (same mean and autocovariance), phase (same spectrum), iaaft (same spectrum and values), shuffle (same values); the trace is held in memory',
    ['none'],
    choice<SeriesKind | 'none'>('', 'none', ['none', ...seriesKinds]),
  ),
};

/** Options of {@link scanTrace} beside those of the trace. */
export const scanParameters = {
  scan: optional(
    choice('exponents at several thresholds, or several widths of time bins: a table', 'threshold', [
      'threshold',
      'time-bin',
    ]),
  ),
  scanAt: optional(
    list('the thresholds, or widths; default: from many rows to few, ¼ to 8 mean intervals', [], threshold('')),
  ),
};

const { column, xmin, xmax, ks, candidates } = columnParameters;
const { discrete, window, decades } = lawParameters;

/** Options of {@link compareColumns}. */
export const comparisonParameters = {
  column,
  ...rowParameters,
  discrete,
  window,
  decades,
  xmin,
  xmax,
  ks,
  candidates,
  blockBy: avalancheParameters.blockBy,
  permutations: integer('permutations of the two-sample Kolmogorov–Smirnov test', 1000),
};

/** How a fit is run, which changes nothing but the draws of the bootstrap. */
export interface FitRun {
  /** Of the bootstrap and of null models; default 1. */
  readonly seed?: number | undefined;
  /** Threads of the bootstrap; default one a core. */
  readonly workers?: number | undefined;
  /** Bootstrap samples that are done, of what is fitted. */
  readonly onProgress?: ((of: string, done: number, all: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Values of some of declared parameters. */
export type Given<P extends Record<string, ParameterSpec>> = { readonly [K in keyof P]?: ValuesOf<P>[K] | undefined };

/** Options of {@link fitColumn}: the flags of `crackle fit --column`. */
export type ColumnOptions = Given<typeof columnParameters>;

/** Options of {@link fitAvalanches}: the flags of `crackle fit --avalanches`. */
export type AvalancheOptions = Given<typeof avalancheParameters>;

/** Options of {@link compareColumns}: the flags of `crackle fit --column --against`. */
export type ComparisonOptions = Given<typeof comparisonParameters>;

/** Options of {@link fitTrace}: the flags of `crackle fit --trace`. */
export type TraceOptions = Given<typeof traceParameters>;
export type ColumnValuesOf = ValuesOf<typeof columnParameters>;
export type AvalancheValues = ValuesOf<typeof avalancheParameters>;
export type TraceValues = ValuesOf<typeof traceParameters>;
