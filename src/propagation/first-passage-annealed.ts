import { createAnnealedAvalanches, hasLanes } from '../kernel/annealed.ts';
import { kernelVariant } from '../kernel/variant.ts';
import type { AvalancheColumns, FirstPassage } from '../shortcut.ts';
import { layersOf, serves } from './annealed.ts';
import { annealedLaw } from './annealed-law.ts';
import type { EngineOptions } from './engine.ts';
import { avalanchesOf, followerByKernel } from './first-passage-kernel.ts';

const follow = followerByKernel({ create: createAnnealedAvalanches, serves });

/** The annealed engine's part of {@link followerByKernel}; undefined where the activation isn't in the kernel. */
export function followedAnnealed(
  ids: Float64Array,
  options: EngineOptions,
  request: FirstPassage,
): Generator<AvalancheColumns, void> | undefined {
  const { threshold: floor, points } = request;
  const setup = { ...annealedLaw(options), floor, capacity: avalanchesOf(points), batch: ids.length };
  const variant = kernelVariant();
  if (!hasLanes(setup, variant)) return undefined;
  const layers = layersOf(options.ensemble.width);
  return follow(ids, { setup, variant, layers, recycle: options.recycle }, request);
}
