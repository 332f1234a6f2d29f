import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ensemble } from '../network/ensemble.ts';
import type { Composition, Pipeline } from '../pipeline.ts';
import { stopOf } from './lanes.ts';
import type { RunResult } from './options.ts';
import { resume } from './resume.ts';
import { run } from './run.ts';

/** How many perturbations of an ensemble are tried, and how many are a partition: four of whole networks, within the run's own stop rule. */
export function amountsOf(composition: Composition, ensemble: Ensemble, wanted: number) {
  const { partitionSize } = composition;
  const most = stopOf(composition, ensemble).perturbations ?? Infinity;
  const own = typeof partitionSize === 'function' ? partitionSize(ensemble) : partitionSize;
  const networks = Math.max(1, Math.ceil(Math.min(wanted, most) / 4 / ensemble.reuse));
  const size = own ?? networks * ensemble.reuse;
  return { size, perturbations: Math.min(most, own === undefined ? 4 * size : 2 * size), given: own !== undefined };
}

/** A run that is over in a moment. */
export interface SmallRun {
  readonly pipeline: Pipeline;
  readonly values: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Of each ensemble, about. */
  readonly perturbations: number;
}

/** The pipeline with another stop rule, in all of its phases. Threads compose it as it is: they are told of partitions, and stop at none. */
const small = (
  { pipeline, perturbations }: SmallRun,
  module: string | undefined,
  onPartition = (_index: number, _ensembles: number): void => {},
): Pipeline => {
  const { module: _, ...rest } = pipeline;
  return {
    ...rest,
    ...(module === undefined ? {} : { module }),
    compose(values) {
      const composition = pipeline.compose(values);
      const amounts = (ensemble: Ensemble) => amountsOf(composition, ensemble, perturbations);
      return {
        ...composition,
        stopOf: (ensemble) => ({ perturbations: amounts(ensemble).perturbations }),
        partitionSize: (ensemble) => amounts(ensemble).size,
        stages(partition) {
          onPartition(partition.index, composition.ensembles.length);
          return composition.stages(partition);
        },
      };
    },
  };
};

const quiet = { info() {}, debug() {}, warn() {} };

/** In this thread, from start to end. */
export const inOneThread = (one: SmallRun): Promise<RunResult> =>
  run(small(one, undefined), { ...one.values }, { seed: one.seed, logger: quiet });

/** On two worker threads; undefined for a pipeline that lives in no module that they could load. */
export async function onTwoThreads(one: SmallRun): Promise<RunResult | undefined> {
  const { module } = one.pipeline;
  return module === undefined
    ? undefined
    : run(small(one, module), { ...one.values }, { seed: one.seed, workers: 2, logger: quiet });
}

/** Interrupted at the second partition of each phase, and resumed from what lay in its folder. */
export async function interrupted(one: SmallRun): Promise<RunResult> {
  const scratch = await mkdtemp(join(tmpdir(), 'crackle-check-'));
  try {
    const out = join(scratch, 'run');
    const phases = new Set<number>();
    let controller = new AbortController();
    const pipeline = small(one, undefined, (index, ensembles) => {
      if (index !== 1 || phases.has(ensembles)) return;
      phases.add(ensembles);
      controller.abort();
    });
    const options = { figures: false, logger: quiet };
    let result = await run(pipeline, { ...one.values }, { ...options, seed: one.seed, out, signal: controller.signal });
    while (result.status !== 'complete') {
      controller = new AbortController();
      result = await resume(out, { ...options, pipeline, signal: controller.signal });
    }
    return result;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
