import { relationNames } from '../crackling/exponents.ts';
import { ParameterError } from '../error.ts';
import { fitPowerLaw } from '../fit/fit-power-law.ts';
import { clearlyBetter } from '../fit/footing.ts';
import { compareSamples, type TwoSampleReport } from '../fit/two-samples.ts';
import { twoSidedP } from '../numeric/log-probability.ts';
import { power } from '../numeric/power.ts';
import { checkParameters, type ValuesOf } from '../parameter.ts';
import { columnOf } from './column.ts';
import type { CracklingFit } from './crackling.ts';
import { guardEnsembles } from './ensembles.ts';
import { refuseIdleDecades } from './idle-decades.ts';
import { type ComparisonOptions, comparisonParameters, type FitRun } from './parameters.ts';
import { type Condition, parseCondition, type RowCounts, readRows } from './rows.ts';
import { sameDataInWords } from './same-data.ts';
import { checkSource, type DataSource } from './source.ts';
import { blockKeys } from './table.ts';
import { inSteps, times } from './unit.ts';
import { holdValues } from './values.ts';

/** One of two samples: a table, and conditions on its rows beside those of both. */
export interface Sampled {
  readonly source: DataSource;
  /** Conditions like `condition=control`. */
  readonly where?: readonly string[];
}

/** What a comparison of one column of two samples came to. */
export interface ColumnComparison {
  readonly column: string;
  /** What the samples are called: their sources, and the conditions in which they differ. */
  readonly names: readonly [string, string];
  readonly counts: readonly [RowCounts, RowCounts];
  /** What discrete values are multiples of; 1 for integers, and for real numbers. */
  readonly step: number;
  readonly blockBy: string | undefined;
  /** Cutoffs as they were asked for. */
  readonly asked: { readonly xmin: number | 'auto'; readonly xmax: number | 'auto' | null };
  readonly report: TwoSampleReport;
  /** That both are the same data, in a sentence; undefined where that isn't known. */
  readonly same: string | undefined;
  /** How far either exponent can be trusted. */
  readonly tails: readonly [ComparedTail, ComparedTail];
  /** The values of either sample as they are. */
  readonly values: readonly [Float64Array, Float64Array];
}

/** What speaks for a power law, or against it, between the cutoffs of a comparison. */
export interface ComparedTail {
  /** The largest value there. */
  readonly largest: number;
  /** Laws that fit clearly better there, so that there is no exponent (p < 0.001); by ratios that take every value for independent. */
  readonly refuted_by: readonly string[];
}

interface Read {
  readonly values: Float64Array;
  readonly blocks: Float64Array | undefined;
  readonly counts: RowCounts;
}

async function readSample(
  source: DataSource,
  column: string,
  where: readonly Condition[],
  { skipMissing, blockBy }: ValuesOf<typeof comparisonParameters>,
): Promise<Read> {
  const holder = holdValues({ column, most: Infinity, discrete: false, skipMissing });
  const counts: RowCounts = { read: 0, kept: 0, censored: 0 };
  const ensembles = await guardEnsembles(source, where);
  const keys = blockKeys(blockBy ?? '');
  const blocks: number[] = [];
  for await (const rows of readRows(source, [column, ...ensembles.names], { where, asTheyAre: blockBy }, counts)) {
    const values = rows.columns[column]!;
    ensembles.check(rows.columns);
    holder.add(values);
    if (rows.asTheyAre === undefined) continue;
    keys(rows.asTheyAre).forEach((key, i) => {
      if (values[i]! - values[i]! === 0) blocks.push(key);
    });
  }
  const { sample } = holder.finish();
  return {
    values: sample as Float64Array,
    blocks: blockBy === undefined ? undefined : Float64Array.from(blocks),
    counts,
  };
}

/** Both samples in steps, where all values of both are multiples of one. */
function together(column: string, given: boolean | undefined, a: Float64Array, b: Float64Array) {
  const holder = holdValues({ column, most: Infinity, discrete: given, skipMissing: false });
  holder.add(a);
  holder.add(b);
  const { sample, discrete, step } = holder.finish();
  const all = sample as Float64Array;
  return { discrete, step, steps: [all.subarray(0, a.length), all.subarray(a.length)] as const };
}

/**
 * Whether two samples of one column have different exponents, and whether they are of one law above the cutoff: see {@link compareSamples}. Every value is kept in memory.
 * @throws ParameterError for options or values that don't allow it
 * @throws SchemaError for a column that is missing or holds no numbers
 */
export async function compareColumns(
  samples: readonly [Sampled, Sampled],
  options: ComparisonOptions = {},
  { seed }: Pick<FitRun, 'seed'> = {},
): Promise<ColumnComparison> {
  for (const { source } of samples) checkSource(source);
  const values = checkParameters(comparisonParameters, options);
  const { xmin, xmax: most, window, blockBy } = values;
  const both = window === 'widest' || window === 'smallest-ks';
  const xmax = both ? (most ?? 'auto') : most;
  refuseIdleDecades(options, xmax === 'auto', 'choose xmax auto, or window widest or smallest-ks without an xmax');
  const column = columnOf(samples[0].source, values.column);
  const [a, b] = (await inOrder(samples, ({ source, where = [] }) =>
    readSample(source, column, [...values.where, ...where].map(parseCondition), values),
  )) as [Read, Read];
  const { discrete, step, steps } = together(column, values.discrete, a.values, b.values);
  const unit = { step, whole: true };
  const report = compareSamples(...steps, {
    discrete,
    xmin: inSteps(xmin, unit, 'lower'),
    xmax: inSteps(xmax, unit, 'upper'),
    convention: values.ks,
    rule: window === 'widest' ? 'widest' : 'smallest-ks',
    window: { leastRatio: power(10, values.decades) },
    permutations: values.permutations,
    ...(values.candidates === undefined ? {} : { candidates: values.candidates }),
    ...(a.blocks === undefined || b.blocks === undefined ? {} : { blocks: [a.blocks, b.blocks] as const }),
    ...(seed === undefined ? {} : { seed }),
  });
  const tails = steps.map((sample): ComparedTail => {
    const fit = fitPowerLaw(sample, { discrete, xmin: report.xmin, xmax: report.xmax });
    return { largest: times(fit.largest, unit), refuted_by: clearlyBetter(fit) };
  });
  return {
    column,
    tails: [tails[0]!, tails[1]!],
    names: namesOf(samples),
    same: sameDataInWords(samples),
    counts: [a.counts, b.counts],
    step,
    blockBy,
    asked: { xmin, xmax },
    report: {
      ...report,
      xmin: times(report.xmin, unit),
      xmax: report.xmax === null ? null : times(report.xmax, unit),
    },
    values: [a.values, b.values],
  };
}

/** One after the other: both may read the same stream of a file. */
async function inOrder<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<R[]> {
  const all: R[] = [];
  for (const item of items) all.push(await read(item));
  return all;
}

/** What two samples are called. */
export const namesOf = (samples: readonly [Sampled, Sampled]): readonly [string, string] => {
  const [a, b] = samples.map(({ source, where = [] }) => [source.name, ...where]) as [string[], string[]];
  const own = a[0] === b[0] ? 1 : 0;
  return [a.slice(own).join(' ') || 'first', b.slice(own).join(' ') || 'second'];
};

/**
 * The two samples that a column parts a table into.
 * @throws ParameterError where it holds anything but two different values
 */
export async function samplesBy(
  source: DataSource,
  by: string,
  where: readonly string[] = [],
): Promise<readonly [Sampled, Sampled]> {
  const found = new Set<string>();
  const counts: RowCounts = { read: 0, kept: 0, censored: 0 };
  for await (const { asTheyAre } of readRows(source, [], { where: where.map(parseCondition), asTheyAre: by }, counts)) {
    for (const value of Array.from(asTheyAre ?? [])) if (value !== null) found.add(String(value));
    if (found.size > 5) break;
  }
  const [first, second, ...more] = [...found].sort();
  if (first === undefined || second === undefined || more.length > 0) {
    const listed = [...found].slice(0, 5).join(', ') || 'no value';
    throw new ParameterError(
      `by: column '${by}' must part the rows in two, it holds ${listed}${more.length > 3 ? ' …' : ''}`,
    );
  }
  return [
    { source, where: [`${by}=${first}`] },
    { source, where: [`${by}=${second}`] },
  ];
}

/** How one exponent of avalanches differs between two samples. */
export interface ExponentDifference {
  readonly exponent: (typeof relationNames)[number];
  readonly estimates: readonly [number, number];
  /** Jackknife errors. */
  readonly errors: readonly [number, number];
  /** That of the second sample less that of the first. */
  readonly difference: number;
  /** Of independent samples: both errors in quadrature. */
  readonly difference_error: number;
  readonly z: number;
  /** Two-sided, by the normal law. */
  readonly p_value: number;
}

/**
 * The differences of τ, α and γ of two independent sets of avalanches, each fitted in its own windows: one entry an exponent, b's less a's, with
 * jackknife errors in quadrature. What isn't defined in one of the sets is NaN.
 */
export function compareExponents(a: CracklingFit, b: CracklingFit): readonly ExponentDifference[] {
  const [one, other] = [a, b].map(({ analysis }) => analysis.jackknife) as [Jack, Jack];
  return relationNames.map((exponent) => {
    const errors = [one.standardError[exponent], other.standardError[exponent]] as const;
    const difference = other.estimate[exponent] - one.estimate[exponent];
    const error = Math.hypot(...errors);
    return {
      exponent,
      estimates: [one.estimate[exponent], other.estimate[exponent]],
      errors,
      difference,
      difference_error: error,
      z: difference / error,
      p_value: twoSidedP(difference / error),
    };
  });
}

type Jack = CracklingFit['analysis']['jackknife'];
