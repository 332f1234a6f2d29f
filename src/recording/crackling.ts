import type { BlockedStatistics } from '../crackling/reducer.ts';
import type { Cutoffs } from '../crackling/windows.ts';
import { attempt, ParameterError } from '../error.ts';
import type { FitReport } from '../fit/fit-power-law.ts';
import type { GoodnessOfFit } from '../fit/goodness-of-fit.ts';
import { checkParameters } from '../parameter.ts';
import { analyseRecorded, type Collected, type RecordedAnalysis } from './analysis.ts';
import { bootstrapped } from './bootstrapped.ts';
import { fewInWords } from './found-in-words.ts';
import { refuseIdleDecadesOfAvalanches } from './idle-decades.ts';
import type { NullAvalanches, RecordedSurrogate } from './null-models.ts';
import {
  type AvalancheOptions,
  type AvalancheValues,
  avalancheParameters,
  type FitRun,
  type TraceOptions,
  type TraceValues,
  traceParameters,
} from './parameters.ts';
import { type Condition, parseCondition } from './rows.ts';
import { checkSource, type DataSource } from './source.ts';
import { type TableAvalanches, tableAvalanches } from './table.ts';
import { type TraceAvalanches, traceAvalanches } from './trace.ts';
import { goodnessInUnit, inSteps, inUnit, times, type Unit } from './unit.ts';

/** What the crackling analysis of recorded data came to. */
export interface CracklingFit {
  /** What the data were called. */
  readonly source: string;
  readonly where: readonly Condition[];
  /** Which size: `excess` or `signal` of a trace, or the column of a table. */
  readonly size: string;
  readonly analysis: RecordedAnalysis;
  readonly blocked: BlockedStatistics;
  /** Of sizes and durations, where a bootstrap was asked for. */
  readonly goodness: { readonly size: GoodnessOfFit | undefined; readonly duration: GoodnessOfFit | undefined };
  /** The trace that avalanches were found in; undefined where they came from a table. */
  readonly trace: TraceAvalanches | undefined;
  /** The table that avalanches came from; undefined where they were found in a trace. */
  readonly table: TableAvalanches | undefined;
  /** Null models of the trace that were asked for. */
  readonly surrogates: readonly RecordedSurrogate[];
}

async function analyse(
  found: Collected & { readonly durationStep?: number },
  values: AvalancheValues | TraceValues,
  run: FitRun,
): Promise<Pick<CracklingFit, 'analysis' | 'blocked' | 'goodness'>> {
  const { blocked } = found;
  const units = unitsOf(found);
  const analysis = measured(blocked, values, units);
  const test = (name: 'size' | 'duration') => {
    const { xmin, xmax } = analysis[name];
    return bootstrapped(blocked.all.histogram[name], { xmin, xmax }, values.bootstrap, name, run);
  };
  const goodness = {
    size: goodnessInUnit(await test('size'), units.size),
    duration: goodnessInUnit(await test('duration'), units.duration),
  };
  return { analysis: inUnits(withGoodness(analysis, goodness), units), blocked, goodness };
}

/** What sizes and durations are counted in. */
interface Units {
  readonly size: Unit;
  readonly duration: Unit;
}

const unitsOf = (found: Pick<Collected, 'sizeStep' | 'discreteSize'> & { readonly durationStep?: number }): Units => ({
  size: { step: found.sizeStep, whole: found.discreteSize },
  duration: { step: found.durationStep ?? 1, whole: true },
});

/** With sizes and durations in their units. */
function measured(
  blocked: BlockedStatistics,
  values: AvalancheValues | TraceValues,
  { size, duration }: Units,
): RecordedAnalysis {
  return analyseRecorded(blocked, {
    sizes: { min: inSteps(values.sizeMin, size, 'lower'), max: inSteps(values.sizeMax, size, 'upper') },
    durations: {
      min: inSteps(values.durationMin, duration, 'lower'),
      max: inSteps(values.durationMax, duration, 'upper'),
    },
    alternatives: values.alternatives,
    ...(values.window === undefined ? {} : { window: values.window }),
    decades: values.decades,
    scalingCount: values.scalingCount,
    systematic: values.systematic,
    resolution: values.resolution,
    scaling: { of: values.scalingOf, weights: values.scalingWeights },
    collapse: {
      ratio: values.collapseRatio,
      least: values.collapseMin,
      leastCount: values.profileCount,
      ...(values.collapseMax === undefined ? {} : { most: values.collapseMax }),
    },
  });
}

/** A null model's avalanches, analysed as those of the trace; without an analysis where there are too few. */
function measuredNull(found: NullAvalanches, values: TraceValues): RecordedSurrogate {
  const { blocked } = found;
  const units = unitsOf(found);
  const analysis = blocked && attempt(() => measured(blocked, { ...values, alternatives: false }, units));
  return { ...found, analysis: analysis && inUnits(analysis, units) };
}

/** The fits of sizes and durations in the units of the data. */
function inUnits(analysis: RecordedAnalysis, { size, duration }: Units): RecordedAnalysis {
  const { windows } = analysis;
  const range = ({ min, max }: Cutoffs, unit: Unit): Cutoffs => ({ min: times(min, unit), max: times(max, unit) });
  return {
    ...analysis,
    size: inUnit(analysis.size, size),
    duration: inUnit(analysis.duration, duration),
    windows: windows && {
      ...windows,
      sizes: range(windows.sizes, size),
      durations: range(windows.durations, duration),
    },
  };
}

/** Reports that hold their p-value. */
function withGoodness(analysis: RecordedAnalysis, goodness: CracklingFit['goodness']): RecordedAnalysis {
  const judged = (report: FitReport, found: GoodnessOfFit | undefined): FitReport => ({
    ...report,
    p_value: found?.pValue ?? null,
  });
  return {
    ...analysis,
    size: judged(analysis.size, goodness.size),
    duration: judged(analysis.duration, goodness.duration),
  };
}

/**
 * Finds the avalanches of a recorded trace and measures τ, α, γ, the shape collapse and the branching ratio on them.
 * @throws ParameterError for options or a trace that don't allow it
 * @throws SchemaError for a column that is missing or holds no numbers
 */
export async function fitTrace(
  source: DataSource,
  options: TraceOptions = {},
  run: FitRun = {},
): Promise<CracklingFit & { readonly trace: TraceAvalanches }> {
  checkSource(source);
  const values = checkParameters(traceParameters, options);
  refuseIdleDecadesOfAvalanches(options);
  const trace = await traceAvalanches(source, values, run.seed ?? 1);
  const surrogates = trace.nulls.map((found) => measuredNull(found, values));
  const where = values.where.map(parseCondition);
  return {
    source: source.name,
    where,
    size: trace.size,
    ...(await analyse(trace, values, run).catch((error: unknown) => {
      if (!(error instanceof ParameterError)) throw error;
      const { remedy } = error;
      throw new ParameterError(`${error.message}${fewInWords(trace)}`, {
        cause: error,
        ...(remedy === undefined ? {} : { remedy }),
      });
    })),
    trace,
    surrogates,
    table: undefined,
  };
}

/**
 * Measures τ, α and γ on avalanches that a table holds, a row each: `{ avalanches: ['area', 'duration'] }` names its columns of sizes and durations.
 * @throws ParameterError for options or avalanches that don't allow it
 * @throws SchemaError for a column that is missing or holds no numbers
 */
export async function fitAvalanches(
  source: DataSource,
  options: AvalancheOptions = {},
  run: FitRun = {},
): Promise<CracklingFit & { readonly table: TableAvalanches }> {
  checkSource(source);
  const values = checkParameters(avalancheParameters, options);
  refuseIdleDecadesOfAvalanches(options);
  const table = await tableAvalanches(source, values);
  const where = values.where.map(parseCondition);
  return {
    source: source.name,
    where,
    size: table.size,
    ...(await analyse(table, values, run)),
    trace: undefined,
    surrogates: [],
    table,
  };
}
