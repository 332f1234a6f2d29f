import type { BlockedStatistics } from '../crackling/reducer.ts';
import type { FitReport } from '../fit/fit-power-law.ts';
import type { GoodnessOfFit } from '../fit/goodness-of-fit.ts';
import { checkParameters } from '../parameter.ts';
import { analyseRecorded, type RecordedAnalysis } from './analysis.ts';
import { bootstrapped } from './bootstrapped.ts';
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
import type { DataSource } from './source.ts';
import { type TableAvalanches, tableAvalanches } from './table.ts';
import { type TraceAvalanches, traceAvalanches } from './trace.ts';

/** What the crackling analysis of recorded data came to. */
export interface CracklingFit {
  /** What the data were called. */
  readonly source: string;
  readonly where: readonly Condition[];
  readonly analysis: RecordedAnalysis;
  readonly blocked: BlockedStatistics;
  /** Of sizes and durations, where a bootstrap was asked for. */
  readonly goodness: { readonly size: GoodnessOfFit | undefined; readonly duration: GoodnessOfFit | undefined };
  /** The trace that avalanches were found in; undefined where they came from a table. */
  readonly trace: TraceAvalanches | undefined;
  /** The table that avalanches came from; undefined where they were found in a trace. */
  readonly table: TableAvalanches | undefined;
}

async function analyse(
  blocked: BlockedStatistics,
  values: AvalancheValues | TraceValues,
  run: FitRun,
): Promise<Pick<CracklingFit, 'analysis' | 'blocked' | 'goodness'>> {
  const window = { leastRatio: 10 ** values.decades };
  const analysis = analyseRecorded(blocked, {
    sizes: { min: values.sizeMin, max: values.sizeMax },
    durations: { min: values.durationMin, max: values.durationMax },
    alternatives: values.alternatives,
    window,
    scalingCount: values.scalingCount,
    systematic: values.systematic,
    collapse: {
      least: values.collapseMin,
      leastCount: values.profileCount,
      ...(values.collapseMax === undefined ? {} : { most: values.collapseMax }),
    },
  });
  const test = (name: 'size' | 'duration') => {
    const { min, max } = analysis.cutoffs[name];
    return bootstrapped(blocked.all.histogram[name], { xmin: min, xmax: max, window }, values.bootstrap, name, run);
  };
  const goodness = { size: await test('size'), duration: await test('duration') };
  return { analysis: withGoodness(analysis, goodness), blocked, goodness };
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
  const values = checkParameters(traceParameters, options);
  const trace = await traceAvalanches(source, values);
  const where = values.where.map(parseCondition);
  return { source: source.name, where, ...(await analyse(trace.blocked, values, run)), trace, table: undefined };
}

/**
 * Measures τ, α and γ on avalanches that a table holds, a row each.
 * @throws ParameterError for options or avalanches that don't allow it
 * @throws SchemaError for a column that is missing or holds no numbers
 */
export async function fitAvalanches(
  source: DataSource,
  options: AvalancheOptions = {},
  run: FitRun = {},
): Promise<CracklingFit & { readonly table: TableAvalanches }> {
  const values = checkParameters(avalancheParameters, options);
  const table = await tableAvalanches(source, values);
  const where = values.where.map(parseCondition);
  return { source: source.name, where, ...(await analyse(table.blocked, values, run)), trace: undefined, table };
}
