import { PipelineError } from '../error.ts';
import { blamed } from '../flow/blame.ts';
import type { EnsembleResult } from '../pipeline.ts';
import { type Composed, composePipeline } from './compose.ts';
import { type Conducted, type ConductOptions, conduct } from './conduct.ts';
import { Pace } from './pace.ts';
import type { Progress } from './states.ts';

/**
 * What a pipeline composes for its next phase, from the results so far; undefined where there is none.
 * @throws PipelineError where it doesn't begin with the ensembles that have been run
 */
export function followed(
  { pipeline, composition }: Composed,
  ensembles: readonly EnsembleResult<unknown>[],
): Composed | undefined {
  const { next } = composition;
  if (next === undefined) return undefined;
  const following = composePipeline(
    pipeline,
    blamed(pipeline, () => next.values(ensembles)),
  );
  const same = ensembles.every(
    ({ ensemble }, l) => JSON.stringify(ensemble) === JSON.stringify(following.composition.ensembles[l]),
  );
  if (same && following.composition.ensembles.length > ensembles.length) return following;
  throw new PipelineError(
    `the next phase of pipeline ${pipeline.name} must begin with the ensembles that have been run and add some`,
  );
}

/**
 * Conducts a run phase by phase. A phase goes on from the progress of the one before, as a resumed run does from its checkpoint, so
 * that a checkpoint of any phase holds all of the run.
 */
export async function conductPhases(
  first: Composed,
  options: ConductOptions,
  from?: readonly Progress[],
): Promise<Conducted & { readonly composed: Composed }> {
  const pace = new Pace();
  let composed = first;
  let progress = from;
  for (;;) {
    const { maxTime } = options;
    const left = maxTime === undefined ? {} : { maxTime: Math.max(0, maxTime - pace.elapsed) };
    const conducted = await conduct(composed, { ...options, ...left, pace }, progress);
    const done = async () => (await options.measured?.(conducted.ensembles)) ?? conducted.ensembles;
    const following =
      conducted.interrupted || composed.composition.next === undefined ? undefined : followed(composed, await done());
    if (following === undefined) return { ...conducted, composed };
    composed = following;
    progress = [...conducted.progress, ...(progress ?? []).slice(conducted.progress.length)];
  }
}
