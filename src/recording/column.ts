import { ParameterError } from '../error.ts';
import type { CensoredSample } from '../fit/censored/sample.ts';
import { type FitOptions, type FitReport, fitPowerLaw } from '../fit/fit-power-law.ts';
import type { GoodnessOfFit } from '../fit/goodness-of-fit.ts';
import { isGrouped } from '../fit/ordered-sample.ts';
import { power } from '../numeric/power.ts';
import { checkParameters } from '../parameter.ts';
import { columnList } from '../store/read/table-file.ts';
import { bootstrapped } from './bootstrapped.ts';
import { holdMarks, parted } from './censored-values.ts';
import { countsBeside } from './counts-beside.ts';
import { cutStartOf } from './cut-start.ts';
import { guardEnsembles } from './ensembles.ts';
import { refuseIdleDecades } from './idle-decades.ts';
import { multiple } from './lattice.ts';
import { type ColumnOptions, type ColumnValuesOf, columnParameters, type FitRun } from './parameters.ts';
import { type Intervals, intervalsOf, type RoundedFit, roundedFit, roundedInWords } from './rounded.ts';
import { type Condition, parseCondition, type RowCounts, readRows } from './rows.ts';
import { saturationOf } from './saturation.ts';
import { checkSource, type DataSource } from './source.ts';
import { goodnessInUnit, inSteps, inUnit } from './unit.ts';
import { type Held, holdValues } from './values.ts';

/** What a fit of one column came to. */
export interface ColumnFit {
  /** What the data were called. */
  readonly source: string;
  readonly column: string;
  readonly where: readonly Condition[];
  readonly counts: RowCounts;
  /** The values as they were held: discrete ones in steps. */
  readonly held: Held;
  /** Column that says how often each value is there. */
  readonly countColumn: string | undefined;
  /** Column that says which values are lower bounds. */
  readonly censoredColumn: string | undefined;
  /** The values parted by it, in steps as held; undefined where none is a bound. */
  readonly censored: CensoredSample | undefined;
  /** Cutoffs as they were asked for. */
  readonly asked: { readonly xmin: number | 'auto'; readonly xmax: number | 'auto' | null };
  /** How those that were not given were found. */
  readonly rule: 'widest' | 'smallest-ks';
  /** Whether it was said that values are discrete or not. */
  readonly discreteGiven: boolean;
  /** With the p-value of the bootstrap, where there was one. */
  readonly report: FitReport;
  /** The same with cutoffs and parameters in steps of `step`. */
  readonly stepReport: FitReport;
  readonly goodness: GoodnessOfFit | undefined;
  /** Of values that were rounded so coarsely that it moves the exponent or the distance: the power law of the intervals that they stand for. */
  readonly rounded: RoundedFit | undefined;
  /** What in the data may be no part of the law, as sentences. */
  readonly notes: readonly string[];
}

/**
 * The column that was asked for, or the only one.
 * @throws ParameterError where there are several
 */
export function columnOf(source: DataSource, asked: string | undefined): string {
  if (asked !== undefined) return asked;
  const [only] = source.columns;
  if (source.columns.length === 1 && only !== undefined) return only;
  throw new ParameterError(`column must be given; the columns of ${source.name} are ${columnList(source)}`);
}

async function readColumn(source: DataSource, column: string, values: ColumnValuesOf, where: readonly Condition[]) {
  const holder = holdValues({
    column,
    most: values.exact || values.censored !== undefined ? Infinity : values.rawLimit,
    discrete: values.discrete,
    skipMissing: values.skipMissing,
  });
  const counts: RowCounts = { read: 0, kept: 0, censored: 0 };
  const ensembles = await guardEnsembles(source, where);
  const { countColumn, censored: flag } = values;
  const marks = holdMarks();
  const names = [column, ...(countColumn === undefined ? [] : [countColumn]), ...ensembles.names];
  for await (const { columns, flags } of readRows(source, names, { where, flag }, counts)) {
    ensembles.check(columns);
    if (flags !== undefined) marks.add(columns[column]!, flags);
    holder.add(columns[column]!, countColumn === undefined ? undefined : columns[countColumn]!);
  }
  const held = holder.finish();
  return { held, censored: flag === undefined ? undefined : parted(held, marks.all()), counts };
}

/** What a table of values and counts is told whose values were taken for one each. */
async function countsNote(
  source: DataSource,
  column: string,
  { sample }: Held,
  where: readonly Condition[],
): Promise<string[]> {
  const counts = sample instanceof Float64Array ? await countsBeside(source, column, sample, where) : undefined;
  if (counts === undefined) return [];
  return [
    `Every row was taken for one value: if column ${counts} says how often each is there, --count-column ${counts} counts it so.`,
  ];
}

/** What in the values may be no part of the law, from their ends. */
function notesOn({ sample, discrete, step, form }: Held, xmin: number, xmax: number | null): string[] {
  if (form === 'histogram' || xmax !== null) return [];
  const notes: string[] = [];
  const start = discrete ? cutStartOf(sample, xmin) : undefined;
  if (start !== undefined) {
    const value = multiple(xmin, step);
    notes.push(
      `Only ${start.count} ${start.count === 1 ? 'value is' : 'values are'} exactly ${value}, where the power law of those above it has ${Math.round(start.expected)}: where values were rounded, or small ones missed, an xmin above ${value} is safer.`,
    );
  }
  const end = saturationOf(sample, isGrouped(sample) ? undefined : discrete);
  if (end !== undefined) {
    const value = multiple(end.value, step);
    notes.push(
      `${end.count} values are exactly ${value}, far more than lie just below: if nothing larger could be measured, fit with an xmax below it.`,
    );
  }
  return notes;
}

/** The power law of intervals, with a bootstrap where it can find the cutoffs as the data's were found. */
async function roundedOf(
  intervals: Intervals,
  found: boolean,
  repetitions: number | undefined,
  column: string,
  run: FitRun,
): Promise<RoundedFit> {
  const unit = { step: intervals.step, whole: true };
  const asked = found && intervals.data.cutoffs.first !== 'auto' ? undefined : repetitions;
  const goodness = await bootstrapped(intervals.data, {}, asked, `${column}, in intervals`, run);
  return roundedFit(intervals, goodnessInUnit(goodness, unit));
}

/** What bounds of a run's avalanches other than durations are told. */
const boundsNote = ({ isRun }: DataSource, column: string): string[] =>
  isRun && column !== 'duration'
    ? [
        `Avalanches are cut off at a depth, and how one goes on from a ${column} depends on when it got there: these bounds aren't independent, as those of durations are, and the exponent is off.`,
      ]
    : [];

/** @throws ParameterError where a window is to be found for values some of which are bounds */
function refuseWindow({ censored, window, xmax }: ColumnValuesOf): void {
  if (censored === undefined) return;
  const asked = xmax === 'auto' ? 'xmax auto' : window === undefined || window === 'given' ? '' : `window ${window}`;
  if (asked === '') return;
  throw new ParameterError(
    `no window is found where values are censored: give an xmax, or none, beside censored ${censored}, got ${asked}`,
  );
}

/**
 * Fits a power law to one column of recorded data: by maximum likelihood, cutoffs given or found, with its alternatives and, where it is asked for,
 * the goodness of fit. Reads the source once, in memory that is flat in its number of rows, unless some values are lower bounds (`censored`).
 * @throws ParameterError for options or values that don't allow a fit
 * @throws SchemaError for a column that is missing or holds no numbers
 */
export async function fitColumn(source: DataSource, options: ColumnOptions = {}, run: FitRun = {}): Promise<ColumnFit> {
  checkSource(source);
  const values = checkParameters(columnParameters, options);
  const column = columnOf(source, values.column);
  const where = values.where.map(parseCondition);
  refuseWindow(values);
  const both = values.window === 'widest' || values.window === 'smallest-ks';
  const asked = { xmin: values.xmin, xmax: both ? (values.xmax ?? 'auto') : values.xmax };
  refuseIdleDecades(
    options,
    asked.xmax === 'auto',
    'choose xmax auto, or window widest or smallest-ks without an xmax',
  );
  const { held, censored, counts } = await readColumn(source, column, values, where);
  const sample = censored ?? held.sample;
  const { step } = held;
  const unit = { step, whole: true };
  const rule = values.window === 'widest' ? 'widest' : 'smallest-ks';
  const how: FitOptions = {
    xmin: inSteps(asked.xmin, unit, 'lower'),
    xmax: inSteps(asked.xmax, unit, 'upper'),
    convention: values.ks,
    rule,
    window: { leastRatio: power(10, values.decades) },
    ...(values.candidates === undefined ? {} : { candidates: values.candidates }),
    ...(isGrouped(held.sample) ? {} : { discrete: held.discrete }),
  };
  const fit = fitPowerLaw(sample, { ...how, alternatives: values.alternatives });
  const goodness = goodnessInUnit(await bootstrapped(sample, how, values.bootstrap, column, run), unit);
  const stepReport = { ...fit, n_excluded: held.nonPositive, p_value: goodness?.pValue ?? null };
  const report = inUnit(stepReport, unit);
  const found = asked.xmin === 'auto' || asked.xmax === 'auto';
  const intervals =
    censored === undefined ? intervalsOf(held, stepReport, asked.xmin === 'auto' && asked.xmax !== 'auto') : undefined;
  const rounded = intervals && (await roundedOf(intervals, found, values.bootstrap, column, run));
  return {
    source: source.name,
    column,
    where,
    counts,
    held,
    countColumn: values.countColumn,
    censoredColumn: values.censored,
    censored,
    asked,
    rule,
    discreteGiven: values.discrete !== undefined,
    report,
    stepReport,
    goodness,
    rounded,
    notes:
      censored === undefined
        ? [
            ...(values.countColumn === undefined ? await countsNote(source, column, held, where) : []),
            ...(rounded === undefined ? [] : [roundedInWords(rounded)]),
            ...notesOn(held, stepReport.xmin, stepReport.xmax),
          ]
        : boundsNote(source, column),
  };
}
