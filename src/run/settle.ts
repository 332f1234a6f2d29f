import { isExpected } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { Composition } from '../pipeline.ts';
import { foundCard } from './card.ts';
import { type Composed, composePipeline } from './compose.ts';
import { stopOf } from './lanes.ts';
import type { RunOptions } from './options.ts';

/** Neurons and layers, some minute of a core, that are work enough for a card, which takes a second or two to open and to compile for. */
const LARGE = 2e10;

/** Layers of a perturbation at criticality over √N, in the mean; and perturbations of an avalanche. */
const LAYERS = 1.5;
const PERTURBATIONS = 2;

/** Neurons and layers that the perturbations of a composition come to, roughly: as many as at criticality. */
export function neuronLayers(composition: Composition): number {
  return composition.ensembles.reduce((sum, ensemble) => {
    const { width, depth } = ensemble;
    const { valid = Infinity, perturbations = Infinity } = stopOf(composition, ensemble);
    return sum + Math.min(PERTURBATIONS * valid, perturbations) * Math.min(depth, LAYERS * Math.sqrt(width)) * width;
  }, 0);
}

/**
 * What backend `auto` comes to for engine annealed, before a run begins, so that its manifest and all of its workers have it: `webgpu` where the
 * work is large and this machine has a graphics card that computes all of it, else what was given. Machines of a queue and shards may have other cards
 * or none: they are told by name.
 * @param open tries the card
 */
export async function settled(
  composed: Composed,
  options: Pick<RunOptions, 'queue' | 'shard' | 'logger' | 'signal'>,
  open: (
    options: Pick<RunOptions, 'logger' | 'signal'>,
    values: Readonly<Record<string, unknown>>,
    module?: string,
    ensembles?: readonly Ensemble[],
  ) => Promise<{ readonly adapter: string }> = foundCard,
): Promise<Composed> {
  const { queue, shard, logger } = options;
  const { pipeline, values, composition } = composed;
  if (values.engine !== 'annealed' || values.backend !== 'auto') return composed;
  if (queue !== undefined || shard !== undefined || neuronLayers(composition) < LARGE) return composed;
  try {
    const { onCards } = await import('../propagation/on-cards.ts');
    if (!composition.ensembles.every(onCards)) return composed;
    const onCard = composePipeline(pipeline, { ...values, backend: 'webgpu' });
    const { adapter } = await open(options, onCard.values, pipeline.module, onCard.composition.ensembles);
    logger?.info(`engine annealed computes on ${adapter}; --backend simd computes on processors`);
    return onCard;
  } catch (error) {
    if (!isExpected(error)) throw error;
    const { CardFailure, NoAdapter } = await import('../gpu/failure.ts');
    if (error instanceof CardFailure) {
      logger?.warn(`${error.message}; engine annealed computes on processors`);
      return composed;
    }
    const { showsCard } = await import('../gpu/missing-adapter.ts');
    // Whoever has a card and the package may want to know.
    const hidden = error instanceof NoAdapter && showsCard();
    logger?.[hidden ? 'info' : 'debug'](`backend auto computes on processors: ${error.message}`);
    return composed;
  }
}
