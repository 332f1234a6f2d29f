import type { EffectiveSetup } from '../kernel/effective.ts';
import {
  type AvalancheKernel,
  type AvalancheRequest,
  type AvalancheViews,
  createEffectiveAvalanches,
} from '../kernel/effective-avalanches.ts';
import type { KernelVariant } from '../kernel/variant.ts';
import type { AvalancheColumns, FirstPassage, Sums } from '../shortcut.ts';
import { effectiveLaw, serves } from './effective.ts';
import type { EngineOptions } from './engine.ts';
import { Idle } from './idle.ts';

/** Avalanches of a batch at most, strengths that their profiles may take, and layers after which others get a turn (some 10 ms). */
const AVALANCHES = 2048;
const PROFILES = 2 ** 18;
const LAYERS = 2 ** 18;

interface Prepared {
  readonly setup: EffectiveSetup;
  readonly request: AvalancheRequest;
  readonly variant: KernelVariant;
  readonly kernel: AvalancheKernel;
}

const idle = new Idle<Prepared>();

const sameRequest = (a: AvalancheRequest, b: AvalancheRequest): boolean =>
  Object.entries(a).every(([key, value]) => b[key as keyof AvalancheRequest] === value);

/** Of a perturbation's first layer avalanches begin. */
const starts = new Int32Array(AVALANCHES).fill(1);

function columnsOf(views: AvalancheViews, recycle: boolean | undefined): AvalancheColumns {
  const { length } = views.duration;
  if (recycle === true) return { length, start: starts.subarray(0, length), ...views };
  return {
    length,
    perturbation: views.perturbation.slice(),
    start: starts.slice(0, length),
    duration: views.duration.slice(),
    size: views.size.slice(),
    signalSize: views.signalSize.slice(),
    peak: views.peak.slice(),
    censored: views.censored.slice(),
    profile: views.profile.slice(),
  };
}

function* follow(
  kernel: AvalancheKernel,
  ids: Float64Array,
  { tally, branching }: Sums,
  recycle: boolean | undefined,
): Generator<AvalancheColumns, void> {
  kernel.start(ids);
  kernel.tally.set([tally.valid, tally.dead, tally.censored, tally.nonFinite]);
  kernel.branching.set([branching.ancestors, branching.descendants]);
  while (!kernel.finished()) {
    const found = kernel.run(LAYERS);
    const [valid, dead, censored, nonFinite] = kernel.tally;
    const [ancestors, descendants] = kernel.branching;
    Object.assign(tally, { valid, dead, censored, nonFinite });
    Object.assign(branching, { ancestors, descendants });
    yield columnsOf(found, recycle);
  }
}

/**
 * Follows perturbations to the end of their avalanches in the effective engine's kernel: to the last bit what a detector finds in the engine's
 * signals. Undefined where the engine's law isn't in the kernel.
 */
export function followedEffective(
  ids: Float64Array,
  options: EngineOptions,
  { threshold: floor, sums, ...request }: FirstPassage,
): Generator<AvalancheColumns, void> | undefined {
  const { points } = request;
  const capacity = Math.max(1, Math.min(AVALANCHES, points > 0 ? Math.floor(PROFILES / points) : AVALANCHES));
  const { setup: found, variant } = effectiveLaw({ ...options, floor, windowRows: capacity }, ids.length);
  if (found === undefined) return undefined;
  const setup = { ...found, floor };
  return (function* () {
    const prepared = idle.take(
      (last) => last.variant === variant && serves(last.setup, setup) && sameRequest(last.request, request),
    ) ?? { setup, request, variant, kernel: createEffectiveAvalanches(setup, request, variant) };
    try {
      yield* follow(prepared.kernel, ids, sums, options.recycle);
    } finally {
      idle.put(prepared);
    }
  })();
}
