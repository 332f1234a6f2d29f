import type { EffectiveSetup } from '../kernel/effective.ts';
import {
  type AvalancheKernel,
  createEffectiveAvalanches,
  type FollowedRows,
  RECORD_WORDS,
} from '../kernel/effective-avalanches.ts';
import type { KernelVariant } from '../kernel/variant.ts';
import type { Ending, FirstPassage, Followed, FollowedBatch } from '../shortcut.ts';
import { effectiveLaw, serves } from './effective.ts';
import type { EngineOptions } from './engine.ts';
import { Idle } from './idle.ts';

/** Perturbations of a batch at most, strengths that their profiles may take, and layers after which others get a turn (some 10 ms). */
const PERTURBATIONS = 2048;
const PROFILES = 2 ** 18;
const LAYERS = 2 ** 18;

interface Prepared {
  readonly setup: EffectiveSetup;
  readonly request: FirstPassage;
  readonly variant: KernelVariant;
  readonly kernel: AvalancheKernel;
}

const idle = new Idle<Prepared>();

const sameRequest = (a: FirstPassage, b: FirstPassage): boolean =>
  Object.entries(a).every(([key, value]) => b[key as keyof FirstPassage] === value);

const endings: Readonly<Record<number, Ending>> = { 1: 'below', 2: 'depth', 3: 'not-finite' };

/** Reads records as the kernel lays them out. */
function reader({ words, doubles }: FollowedRows): (index: number) => Followed {
  return (index) => {
    const at = RECORD_WORDS * index;
    const half = at / 2;
    return {
      layers: words[at]!,
      ending: endings[words[at + 1]!]!,
      duration: words[at + 2]!,
      peak: doubles[half + 2]!,
      first: doubles[half + 3]!,
      final: doubles[half + 4]!,
      sum: doubles[half + 5]!,
      excess: doubles[half + 6]!,
      left: doubles[half + 7]!,
    };
  };
}

function* follow(kernel: AvalancheKernel, ids: Float64Array): Generator<FollowedBatch, void> {
  kernel.start(ids);
  for (let from = 0; !kernel.finished(); ) {
    const rows = kernel.run(LAYERS);
    const to = from + rows.length;
    yield { ids: ids.subarray(from, to), at: reader(rows), profiles: rows.profiles };
    from = to;
  }
}

/**
 * Follows perturbations to the end of their avalanches in the effective engine's kernel: to the last bit what a detector finds in the engine's
 * signals. Undefined where the engine's law isn't in the kernel.
 */
export function followedEffective(
  ids: Float64Array,
  options: EngineOptions,
  request: FirstPassage,
): Generator<FollowedBatch, void> | undefined {
  const { threshold: floor, points } = request;
  const capacity = Math.max(1, Math.min(PERTURBATIONS, points > 0 ? Math.floor(PROFILES / points) : PERTURBATIONS));
  const { setup: found, variant } = effectiveLaw({ ...options, floor, windowRows: capacity }, ids.length);
  if (found === undefined) return undefined;
  const setup = { ...found, floor };
  return (function* () {
    const prepared = idle.take(
      (last) => last.variant === variant && serves(last.setup, setup) && sameRequest(last.request, request),
    ) ?? { setup, request, variant, kernel: createEffectiveAvalanches(setup, request, variant) };
    try {
      yield* follow(prepared.kernel, ids);
    } finally {
      idle.put(prepared);
    }
  })();
}
