import { PipelineError } from '../error.ts';
import { blamed } from '../flow/blame.ts';
import { checkParameters } from '../parameter.ts';
import type { Composition, Pipeline } from '../pipeline.ts';
import { stopOf } from './lanes.ts';

/** A pipeline composed with checked values. */
export interface Composed {
  readonly pipeline: Pipeline;
  readonly values: Record<string, unknown>;
  readonly composition: Composition;
}

/**
 * Checks the values of a pipeline's parameters and composes it with them.
 * @throws ParameterError for values out of range, PipelineError where what was composed can't be run
 */
export function composePipeline(pipeline: Pipeline, given: Record<string, unknown>): Composed {
  const values = checkParameters(pipeline.parameters, given);
  const composition = blamed(pipeline, () => pipeline.compose(values));
  if (composition.ensembles.length === 0) throw new PipelineError(`pipeline ${pipeline.name} composed no ensembles`);
  for (const [position, { index }] of composition.ensembles.entries()) {
    if (index === position) continue;
    throw new PipelineError(
      `ensemble ${position} of pipeline ${pipeline.name} has index ${index}: it must be its position among them, ${position}, by which tables are joined and random numbers drawn`,
    );
  }
  for (const ensemble of composition.ensembles) {
    const { valid = Infinity, perturbations = Infinity } = blamed(pipeline, () => stopOf(composition, ensemble));
    if (Number.isFinite(valid) || Number.isFinite(perturbations)) continue;
    throw new PipelineError(`pipeline ${pipeline.name} must stop at a number of valid avalanches or of perturbations`);
  }
  return { pipeline, values, composition };
}
