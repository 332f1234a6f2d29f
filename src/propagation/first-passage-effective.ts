import { createEffectiveAvalanches } from '../kernel/effective.ts';
import type { AvalancheColumns, FirstPassage } from '../shortcut.ts';
import { effectiveLaw, serves } from './effective.ts';
import type { EngineOptions } from './engine.ts';
import { avalanchesOf, followerByKernel } from './first-passage-kernel.ts';

/** Some 10 ms. */
const LAYERS = 2 ** 18;

const { follow } = followerByKernel({ create: createEffectiveAvalanches, serves });

/** The effective engine's part of {@link followerByKernel}; undefined where the engine's law isn't in the kernel. */
export function followedEffective(
  ids: Float64Array,
  options: EngineOptions,
  request: FirstPassage,
): Generator<AvalancheColumns, void> | undefined {
  const { threshold: floor, points } = request;
  const { setup, variant } = effectiveLaw({ ...options, floor, windowRows: avalanchesOf(points) }, ids.length);
  if (setup === undefined) return undefined;
  return follow(ids, { setup: { ...setup, floor }, variant, layers: LAYERS, recycle: options.recycle }, request);
}
