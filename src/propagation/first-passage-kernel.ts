import type { AvalancheKernel, AvalancheRequest, AvalancheViews } from '../kernel/avalanches.ts';
import type { TraceRows } from '../kernel/traces.ts';
import type { KernelVariant } from '../kernel/variant.ts';
import type { AvalancheColumns, FirstPassage, Sums } from '../shortcut.ts';
import { Idle } from './idle.ts';

/** Avalanches of a batch at most, and strengths that their profiles may take. */
const AVALANCHES = 2048;
const PROFILES = 2 ** 18;

/** Avalanches that one step of a kernel may end, each with the points of a profile. */
export const avalanchesOf = (points: number): number =>
  Math.max(1, Math.min(AVALANCHES, points > 0 ? Math.floor(PROFILES / points) : AVALANCHES));

interface Prepared<Setup> {
  readonly setup: Setup;
  readonly request: AvalancheRequest;
  readonly variant: KernelVariant;
  readonly kernel: AvalancheKernel;
}

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

function* toTheEnd(
  kernel: AvalancheKernel,
  ids: Float64Array,
  layers: number,
  { tally, branching, growth }: Sums,
  recycle: boolean | undefined,
): Generator<AvalancheColumns, void> {
  kernel.start(ids);
  kernel.tally.set([tally.valid, tally.dead, tally.censored, tally.nonFinite]);
  kernel.branching.set([branching.ancestors, branching.descendants]);
  kernel.growth.set([growth.steps, growth.product, growth.exponent]);
  while (!kernel.finished()) {
    const found = kernel.run(layers);
    const [valid, dead, censored, nonFinite] = kernel.tally;
    const [ancestors, descendants] = kernel.branching;
    const [steps, product, exponent] = kernel.growth;
    Object.assign(tally, { valid, dead, censored, nonFinite });
    Object.assign(branching, { ancestors, descendants });
    Object.assign(growth, { steps, product, exponent });
    yield columnsOf(found, recycle);
  }
}

/** How an engine has its kernel find avalanches. */
export interface KernelRoad<Setup> {
  create(setup: Setup, request: AvalancheRequest, variant: KernelVariant): AvalancheKernel;
  /** Whether a kernel that was set up for `had` serves `setup`, too. */
  serves(had: Setup, setup: Setup): boolean;
}

/**
 * Follows perturbations to the end of their avalanches within an engine's kernel: to the last bit what a detector finds in the engine's signals.
 * The last kernel is kept for who goes on with it.
 */
export function followerByKernel<Setup>({ create, serves }: KernelRoad<Setup>) {
  const idle = new Idle<Prepared<Setup>>();
  /** @param layers after which others get a turn */
  const follow = function* (
    ids: Float64Array,
    {
      setup,
      variant,
      layers,
      recycle,
    }: Pick<Prepared<Setup>, 'setup' | 'variant'> & {
      readonly layers: number;
      readonly recycle: boolean | undefined;
    },
    { sums, threshold: _, ...request }: FirstPassage,
  ): Generator<AvalancheColumns, void> {
    const prepared = idle.take(
      (last) => last.variant === variant && serves(last.setup, setup) && sameRequest(last.request, request),
    ) ?? { setup, request, variant, kernel: create(setup, request, variant) };
    try {
      yield* toTheEnd(prepared.kernel, ids, layers, sums, recycle);
    } finally {
      idle.put(prepared);
    }
  };
  /** Signals that the last kernel kept, where its setup is right; views of its memory, valid until perturbations are followed again. */
  const kept = (isRight: (setup: Setup, variant: KernelVariant) => boolean): TraceRows | undefined => {
    const last = idle.take(() => true);
    if (last === undefined) return undefined;
    idle.put(last);
    return isRight(last.setup, last.variant) ? last.kernel.kept?.() : undefined;
  };
  return { follow, kept };
}
