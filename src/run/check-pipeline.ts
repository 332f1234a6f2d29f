import { ParameterError, PipelineError } from '../error.ts';
import { loadPipeline, pipelineUrl } from '../flow/load.ts';
import type { Pipeline } from '../pipeline.ts';
import { difference } from '../reduce/difference.ts';
import { rowsToBatch } from '../schema/rows.ts';
import type { GivenTo, Runnable } from './built-in.ts';
import { checkPartitions, checkStatistics, tallied } from './check-partitions.ts';
import { type Composed, composePipeline } from './compose.ts';
import { checkDeclared } from './declared.ts';
import { figureFaults } from './figure-faults.ts';
import type { RunResult } from './options.ts';
import { pipelineFile } from './origin.ts';
import { followed } from './phases.ts';
import { settled } from './settle.ts';
import { inOneThread, interrupted, onTwoThreads, type SmallRun } from './small-run.ts';
import { Trial } from './trial.ts';
import type { Tried } from './tried-partition.ts';

/** How a pipeline is checked. */
export interface PipelineCheck {
  /** Of its random numbers. Default 1. */
  readonly seed?: number;
  /** Perturbations of each ensemble, rounded up to four partitions of whole networks. Default 64. */
  readonly perturbations?: number;
  /** Whether it is run on two worker threads, too, where it says in which module it lives. Default true. */
  readonly threads?: boolean;
}

/** What a check of a pipeline came to, in sentences. */
export interface PipelineReport {
  /** What was tried and holds. */
  readonly held: readonly string[];
  /** What may be meant, and should be known. */
  readonly notes: readonly string[];
  /** What is wrong; nothing, for a sound pipeline. */
  readonly faults: readonly string[];
}

/** Where tables differ first, or what the reducer's states came to. */
function otherTables(one: RunResult | undefined, expected: RunResult): string | undefined {
  const results = ({ ensembles }: RunResult): readonly unknown[] => ensembles.map(({ result }) => result);
  return (
    one && (difference(one.tables, expected.tables, 0) ?? difference(results(one), results(expected), 0, 'results'))
  );
}

/** Holds small runs to a whole one, and its tables, summaries and figures to what is written and drawn. */
async function checkRuns(trial: Trial, small: SmallRun, whole: RunResult, threads: boolean): Promise<void> {
  const { pipeline } = small;
  await trial.hold(
    'interrupted and resumed, it gives the same tables',
    () => interrupted(small),
    (one) => {
      const other = otherTables(one, whole);
      return other && `interrupted and resumed, it gives other tables: ${other}`;
    },
  );
  if (threads && pipeline.module !== undefined) {
    await trial.hold(
      'on two threads it gives the same tables',
      () => onTwoThreads(small),
      (one) => {
        const other = otherTables(one, whole);
        return (
          other &&
          `on two threads it gives other tables than on one: ${other}; nothing may be shared by partitions in a module's variables`
        );
      },
    );
  }
  await trial.hold('its tables have the columns of their schemas', () => {
    for (const [table, rows] of Object.entries(whole.tables)) rowsToBatch(table, rows);
  });
  await trial.hold(
    `its figures (${whole.figures.length}) and summaries (${whole.summaries.length}) are built`,
    async () => {
      const faults = [...figureFaults(pipeline, whole.figures)];
      if (faults.length > 0 || whole.figures.length === 0) return faults;
      const { compileFigure } = await import('../report/render.ts');
      for (const figure of whole.figures) {
        try {
          faults.push(...compileFigure(figure).warnings.map((warning) => `figure '${figure.name}': ${warning}`));
        } catch (error) {
          faults.push(`figure '${figure.name}' is no Vega-Lite specification: ${trial.said(error)}`);
        }
      }
      return faults;
    },
    (faults) => (faults.length === 0 ? undefined : faults.join('; ')),
  );
}

/**
 * Holds the stages of a phase, and its reducer, to what a run rests on, in its first ensemble and its last.
 * @param before ensembles of earlier phases
 * @param parts takes what was tried
 * @returns whether nothing is wrong
 */
async function checkStages(
  trial: Trial,
  composed: Composed,
  before: number,
  { seed, perturbations }: SmallRun,
  parts: Tried[],
): Promise<boolean> {
  const { ensembles } = composed.composition;
  const tried: Tried[][] = [];
  await trial.hold('its stages give batches of the tables that it records', async () => {
    for (const position of new Set([before, ensembles.length - 1]))
      tried.push(await checkPartitions(trial, composed, position, seed, perturbations));
  });
  parts.push(...tried.flat());
  // A reducer's state is of one ensemble: of another one it may have another length.
  for (const one of tried) if (trial.faults.length === 0) await checkStatistics(trial, composed, one);
  return trial.faults.length === 0;
}

/**
 * Runs a pipeline for a moment, as {@link checkPipeline}, and gives faults as data.
 * @throws ParameterError for values or options out of range
 */
export async function examinePipeline(
  pipeline: Pipeline,
  given: Record<string, unknown>,
  { seed = 1, perturbations: wanted = 64, threads = true }: PipelineCheck = {},
): Promise<PipelineReport> {
  if (!Number.isSafeInteger(wanted) || wanted < 1)
    throw new ParameterError(`perturbations must be a positive integer, got ${wanted}`);
  const trial = new Trial(pipelineFile(pipeline));
  const composed = await trial.hold('it composes', async () => {
    checkDeclared(pipeline);
    const one = await settled(composePipeline(pipeline, given), {});
    const again = composePipeline(pipeline, one.values);
    if (JSON.stringify(again.composition.ensembles) !== JSON.stringify(one.composition.ensembles))
      throw new PipelineError(
        'compose gives other ensembles when it is called again, as each thread does: they must follow from the values',
      );
    return one;
  });
  if (composed === undefined) return trial;
  const parts: Tried[] = [];
  const small = { pipeline, values: composed.values, seed, perturbations: wanted };
  if (!(await checkStages(trial, composed, 0, small, parts))) return trial;
  const whole = await trial.hold('it runs to its end', () => inOneThread(small));
  if (whole === undefined) return trial;
  let phase = composed;
  for (;;) {
    const before = phase.composition.ensembles.length;
    const following = followed(phase, whole.ensembles.slice(0, before));
    if (following === undefined) break;
    phase = following;
    if (!(await checkStages(trial, phase, before, small, parts))) return trial;
  }
  tallied(trial, composed, parts);
  await checkRuns(trial, small, whole, threads);
  return trial;
}

/**
 * Runs a pipeline for a moment, with few perturbations, and tells what is wrong with it, in sentences: that it composes; that a partition comes out the
 * same bits when it is computed again, and its perturbations in partitions of another size; that what is recorded and made has the columns of its
 * tables; that its reducer obeys the laws of merging ({@link checkReducer}); that interrupted and resumed, and on two worker threads, it gives the same
 * tables; that figures and summaries are built. Of many ensembles the partitions of the first and the last are tried, and all of them in small runs.
 *
 * ```ts
 * import { checkPipeline } from 'crackle';
 * import mine from './my-pipeline.ts';
 *
 * it('is a sound pipeline', async () => {
 *   await checkPipeline(mine, { widths: [16], depth: 50 });
 * });
 * ```
 * @param pipeline a pipeline, or the name of a built-in one
 * @param given small values of its parameters; defaults are filled in
 * @returns what was tried and holds, and what should be known
 * @throws PipelineError with all that is wrong, one sentence a line; ParameterError for values or options out of range
 */
export function checkPipeline<Which extends Runnable>(
  pipeline: Which,
  given?: GivenTo<Which>,
  options?: PipelineCheck,
): Promise<Omit<PipelineReport, 'faults'>>;
export async function checkPipeline(
  pipeline: unknown,
  given: object = {},
  options: PipelineCheck = {},
): Promise<Omit<PipelineReport, 'faults'>> {
  const named = typeof pipeline === 'string' ? await loadPipeline(pipelineUrl(pipeline)) : (pipeline as Pipeline);
  const { faults, ...report } = await examinePipeline(named, { ...given }, options);
  if (faults.length > 0) throw new PipelineError(`pipeline ${named.name} has faults:\n${faults.join('\n')}`);
  return report;
}
