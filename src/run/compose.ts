import { PipelineError } from '../error.ts';
import { blamed } from '../flow/blame.ts';
import { checkParameters } from '../parameter.ts';
import type { Composition, Pipeline } from '../pipeline.ts';
import { checkShape } from './declared.ts';
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
  checkShape(pipeline, composition);
  if (composition.ensembles.length === 0) throw new PipelineError(`pipeline ${pipeline.name} composed no ensembles`);
  const positions = new Map<number, number>();
  for (const [position, { index }] of composition.ensembles.entries()) {
    const named = `ensemble ${position} of pipeline ${pipeline.name} has index ${index}`;
    if (!Number.isSafeInteger(index) || index < 0) {
      throw new PipelineError(`${named}: it must be an integer from 0 on, such as ${position}`);
    }
    const same = positions.get(index);
    if (same !== undefined) {
      throw new PipelineError(
        `${named}, as has ensemble ${same}: tables are joined and random numbers drawn by it, so each must have its own, such as ${position}`,
      );
    }
    positions.set(index, position);
  }
  for (const ensemble of composition.ensembles) {
    const { valid = Infinity, perturbations = Infinity } = blamed(pipeline, () => stopOf(composition, ensemble));
    if (Number.isFinite(valid) || Number.isFinite(perturbations)) continue;
    throw new PipelineError(`pipeline ${pipeline.name} must stop at a number of valid avalanches or of perturbations`);
  }
  return { pipeline, values, composition };
}
