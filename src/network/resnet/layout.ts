import { ParameterError } from '../../error.ts';

/** Blocks a stage, and their kind, of the standard networks (He et al., arXiv:1512.03385, table 1). */
export interface Layout {
  readonly block: 'basic' | 'bottleneck';
  readonly stages: readonly number[];
}

const layouts: Record<string, Layout> = {
  'resnet-18': { block: 'basic', stages: [2, 2, 2, 2] },
  'resnet-34': { block: 'basic', stages: [3, 4, 6, 3] },
  'resnet-50': { block: 'bottleneck', stages: [3, 4, 6, 3] },
};

/** Names that {@link residualLayout} knows. */
export const residualNames: readonly string[] = Object.keys(layouts);

/**
 * The layout of a standard network.
 * @throws ParameterError for an unknown name
 */
export function residualLayout(name: string): Layout {
  const layout = layouts[name];
  if (layout === undefined) {
    throw new ParameterError(`unknown residual network '${name}'; known ones: ${residualNames.join(', ')}`);
  }
  return layout;
}
