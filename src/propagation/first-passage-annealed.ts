import { createAnnealedAvalanches, hasLanes } from '../kernel/annealed.ts';
import { kernelVariant } from '../kernel/variant.ts';
import { readIds } from '../schema/int64.ts';
import type { AvalancheColumns, FirstPassage } from '../shortcut.ts';
import { layersOf, serves } from './annealed.ts';
import { annealedLaw } from './annealed-law.ts';
import { type EngineOptions, windowOf } from './engine.ts';
import { avalanchesOf, followerByKernel } from './first-passage-kernel.ts';
import type { KeptSignals } from './shortcuts.ts';

const { follow, kept } = followerByKernel({ create: createAnnealedAvalanches, serves });

/** The annealed engine's part of {@link followerByKernel}; undefined where the activation isn't in the kernel. */
export function followedAnnealed(
  ids: Float64Array,
  options: EngineOptions,
  request: FirstPassage,
): Generator<AvalancheColumns, void> | undefined {
  const { threshold: floor, points } = request;
  const { windowRows: rows } = options;
  const setup = { ...annealedLaw(options), floor, rows, capacity: avalanchesOf(points), batch: ids.length };
  const variant = kernelVariant();
  if (!hasLanes(setup, variant)) return undefined;
  const layers = layersOf(options.ensemble.width);
  return follow(ids, { setup, variant, layers, recycle: options.recycle }, request);
}

/**
 * Signals of the first of some perturbations, where their avalanches were the last to be found on this thread and they were kept: what `annealed`
 * gives. Undefined where they weren't.
 */
export function keptAnnealed(ids: Float64Array, options: EngineOptions): KeptSignals | undefined {
  const { floor } = options;
  // A perturbation was followed to the threshold, and has to be to the floor.
  if (typeof floor !== 'number') return undefined;
  const law = { ...annealedLaw(options), floor: Math.fround(floor) };
  const rows = kept(
    (had, variant) => variant === kernelVariant() && serves(had, { ...law, capacity: had.capacity, batch: 0 }),
  );
  if (rows === undefined) return undefined;
  const firsts = readIds(rows.perturbation).filter((_, row) => rows.layer[row] === 1);
  if (firsts.length === 0 || !firsts.every((id, i) => id === ids[i])) return undefined;
  return { window: windowOf(rows, options.recycle), perturbations: firsts.length };
}
