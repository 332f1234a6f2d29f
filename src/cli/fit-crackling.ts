import type { BlockedStatistics } from '../crackling/reducer.ts';
import {
  collapseErrorRowsOf,
  collapseRowsOf,
  distributionRows,
  exponentsRowOf,
  fitRowsOf,
  scalingRowsOf,
} from '../crackling/tables.ts';
import type { FitReport } from '../fit/fit-power-law.ts';
import type { GoodnessOfFit } from '../fit/goodness-of-fit.ts';
import { analyseRecorded, type RecordedAnalysis } from '../recording/analysis.ts';
import { drawFigure } from './figure-file.ts';
import { bootstrapped } from './fit-bootstrap.ts';
import { ensembleOf } from './fit-column.ts';
import { cracklingText } from './fit-crackling-text.ts';
import type { FitFlags } from './fit-flags.ts';
import type { FitSource } from './fit-source.ts';
import { tableAvalanches } from './fit-table.ts';
import { type TraceAvalanches, traceAvalanches } from './fit-trace.ts';
import { jsonOf, writeRows } from './plain-rows.ts';

/** What is known of a crackling analysis when it is done. */
export interface CracklingFound {
  readonly analysis: RecordedAnalysis;
  readonly blocked: BlockedStatistics;
  readonly goodness: { readonly size: GoodnessOfFit | undefined; readonly duration: GoodnessOfFit | undefined };
  /** undefined where avalanches came from a table. */
  readonly trace: TraceAvalanches | undefined;
  /** What the avalanches are, in words. */
  readonly origin: string;
  /** What a jackknife block is. */
  readonly blockKind: string;
}

async function analyse(
  blocked: BlockedStatistics,
  flags: FitFlags,
): Promise<Pick<CracklingFound, 'analysis' | 'blocked' | 'goodness'>> {
  const window = { leastRatio: 10 ** flags.decades };
  const analysis = analyseRecorded(blocked, {
    sizes: { min: flags.sizeMin, max: flags.sizeMax },
    durations: { min: flags.durationMin, max: flags.durationMax },
    alternatives: flags.alternatives,
    window,
    scalingCount: flags.scalingCount,
    collapse: {
      least: flags.collapseMin,
      leastCount: flags.profileCount,
      ...(flags.collapseMax === undefined ? {} : { most: flags.collapseMax }),
    },
  });
  const { size, duration } = blocked.all.histogram;
  const test = (sample: typeof size, name: 'size' | 'duration') => {
    const { min, max } = analysis.cutoffs[name];
    return bootstrapped(sample, { xmin: min, xmax: max, window }, flags, name);
  };
  const goodness = { size: await test(size, 'size'), duration: await test(duration, 'duration') };
  return { analysis, blocked, goodness };
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Keys of an object in snake_case. */
const snakeKeys = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([name, part]) => [snake(name), part]));

const withGoodness = (report: FitReport, goodness: GoodnessOfFit | undefined): object => ({
  ...report,
  p_value: goodness?.pValue ?? null,
  p_value_error: goodness?.standardError ?? null,
});

function asJson(source: FitSource, found: CracklingFound, flags: FitFlags): object {
  const { analysis, goodness, trace, blocked } = found;
  const { jackknife, collapse, scaling, universality } = analysis;
  const { ensemble: _, ...exponents } = exponentsRowOf({ ensemble: 0 }, analysis);
  return {
    file: source.name,
    where: flags.where.map(({ column, comparison, value }) => `${column}${comparison}${value}`),
    trace:
      trace === undefined
        ? null
        : {
            column: trace.column,
            threshold: trace.threshold,
            above: flags.above === true,
            size: flags.size ?? 'signal',
            time_bin: trace.timeBin ?? null,
            ...snakeKeys(trace.tally),
          },
    avalanches: blocked.all.histogram.n,
    size: withGoodness(analysis.size, goodness.size),
    duration: withGoodness(analysis.duration, goodness.duration),
    exponents,
    covariance: { names: jackknife.names.map(snake), matrix: jackknife.covariance },
    blocks: jackknife.blocks,
    scaling:
      scaling === undefined
        ? null
        : {
            gamma: scaling.gamma,
            standard_error: scaling.standardError,
            scaled_error: scaling.scaledError,
            groups: scaling.points,
            r_squared: scaling.line.rSquared,
          },
    collapse:
      collapse === undefined
        ? null
        : {
            gamma: collapse.gamma,
            curvature_error: collapse.standardError,
            nmse: collapse.nmse,
            durations: collapse.durations.length,
            at_end: collapse.atEnd,
          },
    branching:
      trace === undefined
        ? null
        : {
            within_avalanches: trace.branching.withinAvalanches,
            multistep: trace.branching.multistep,
            slopes: Array.from(trace.branching.slopes),
          },
    universality:
      universality?.map((distance) => ({
        id: distance.class.id,
        names: distance.class.names,
        tau: distance.class.tau,
        alpha: distance.class.alpha,
        gamma: distance.class.gamma,
        basis: distance.class.basis,
        chi_square: distance.chiSquare,
        degrees_of_freedom: distance.degreesOfFreedom,
        p_value: distance.pValue,
        ties: distance.ties,
      })) ?? null,
    notes: analysis.notes,
  };
}

async function drawAnalysis(path: string, source: FitSource, found: CracklingFound): Promise<void> {
  const { cracklingFigure } = await import('../report/crackling-figure.ts');
  const { analysis, blocked } = found;
  const { histogram, scaling, collapse } = blocked.all;
  const point = { ensemble: 0 };
  const least = Math.max(1, Math.min(100, Math.floor(histogram.n / 200)));
  const { tau, alpha } = analysis.jackknife.standardError;
  const tables = {
    ensemble: [{ ...point, model: found.trace?.column ?? source.name.split('/').at(-1) }],
    histogram: [
      ...distributionRows(point, 'size', histogram.size, least),
      ...distributionRows(point, 'duration', histogram.duration, least),
    ],
    fit: [...fitRowsOf(point, 'size', analysis.size, tau), ...fitRowsOf(point, 'duration', analysis.duration, alpha)],
    exponents: [exponentsRowOf(point, analysis)],
    scaling: scalingRowsOf(point, scaling),
    collapse: collapseRowsOf(point, collapse, analysis.collapse, 0),
    collapse_error: collapseErrorRowsOf(point, analysis.collapse),
  };
  await drawFigure(cracklingFigure(tables), path);
}

async function publish(source: FitSource, found: CracklingFound, flags: FitFlags): Promise<void> {
  if (flags.figure !== undefined) await drawAnalysis(flags.figure, source, found);
  if (flags.out !== undefined) {
    const point = { ensemble: ensembleOf(flags), width: null, weight_variance: null, bias_variance: null };
    const { analysis, goodness } = found;
    const { tau, alpha } = analysis.jackknife.standardError;
    await writeRows(flags.out, 'fit', [
      ...fitRowsOf(point, 'size', { ...analysis.size, p_value: goodness.size?.pValue ?? null }, tau),
      ...fitRowsOf(point, 'duration', { ...analysis.duration, p_value: goodness.duration?.pValue ?? null }, alpha),
    ]);
  }
  if (flags.json === true) process.stdout.write(`${jsonOf(asJson(source, found, flags))}\n`);
  else process.stdout.write(cracklingText(found));
}

/** Finds the avalanches of a recorded trace and analyses them. */
export async function fitTrace(source: FitSource, flags: FitFlags): Promise<void> {
  const column = flags.column ?? (source.columns.length === 1 ? source.columns[0]! : undefined);
  if (column === undefined) {
    const { ParameterError } = await import('../error.ts');
    throw new ParameterError(`column must be given; the columns of ${source.name} are ${source.columns.join(', ')}`);
  }
  const trace = await traceAvalanches(source, column, flags);
  const origin = `${column} of ${source.name}`;
  const analysed = await analyse(trace.blocked, flags);
  await publish(source, { ...analysed, trace, origin, blockKind: 'contiguous stretches of the trace' }, flags);
}

/** Analyses the avalanches of a table. */
export async function fitAvalanches(source: FitSource, flags: FitFlags): Promise<void> {
  const table = await tableAvalanches(source, flags);
  const { read, kept } = table.counts;
  const some = kept < read ? `, ${kept} of ${read} rows` : '';
  const origin = `${table.size} and ${table.duration} of ${source.name}${some}`;
  const blockKind = table.blockBy === undefined ? 'contiguous stretches of rows' : `groups of ${table.blockBy}`;
  const analysed = await analyse(table.blocked, flags);
  await publish(source, { ...analysed, trace: undefined, origin, blockKind }, flags);
}
