import { ParameterError } from '../../error.ts';

/** Blocks a stage, and their kind, of a standard network (He et al., arXiv:1512.03385, table 1). */
export interface ResidualModel {
  readonly block: 'basic' | 'bottleneck';
  readonly stages: readonly number[];
}

// Random streams know a model by its position here: new ones go to the end.
const models: Record<string, ResidualModel> = {
  'resnet-18': { block: 'basic', stages: [2, 2, 2, 2] },
  'resnet-34': { block: 'basic', stages: [3, 4, 6, 3] },
  'resnet-50': { block: 'bottleneck', stages: [3, 4, 6, 3] },
  'resnet-101': { block: 'bottleneck', stages: [3, 4, 23, 3] },
  'resnet-152': { block: 'bottleneck', stages: [3, 8, 36, 3] },
};

/** Names that {@link residualModel} knows. */
export const residualNames: readonly string[] = Object.keys(models);

/**
 * A standard network by its name.
 * @throws ParameterError for an unknown name
 */
export function residualModel(name: string): ResidualModel {
  const model = models[name];
  if (model === undefined) {
    throw new ParameterError(`unknown residual network '${name}'; known ones: ${residualNames.join(', ')}`);
  }
  return model;
}
