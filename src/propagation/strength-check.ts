import { BackendError } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { annealed } from './annealed.ts';
import { annealedWebGpu } from './annealed-webgpu.ts';
import type { Engine, EngineOptions, Strength } from './engine.ts';

/** Layers behind which strengths are compared. */
const LAYERS = 2;
/** Standard errors, and share of a strength, by which means may differ: drivers are allowed errors of a thousandth in sin. */
const ERRORS = 10;
const SHARE = 1e-3;
/** Most perturbations of processors that a card's are held against. */
const HERE = 4096;
/** Share of a strength by which a card's may differ where random numbers are the same. */
const CLOSE = 2e-3;
/** Fewest perturbations with a signal where none of a card's may have one. */
const SIGNALS = 16;

interface Sample {
  readonly mean: number;
  readonly error: number;
  /** How many strengths are above zero. */
  readonly positive: number;
}

/** Strengths behind a layer, by means over those that share a network. */
function sampleOf(strengths: Float64Array, reuse: number): Sample {
  const means = Float64Array.from({ length: strengths.length / reuse }, (_, network) => {
    const own = strengths.subarray(network * reuse, (network + 1) * reuse);
    return own.reduce((sum, s) => sum + s, 0) / reuse;
  });
  const mean = means.reduce((sum, m) => sum + m, 0) / means.length;
  const squares = means.reduce((sum, m) => sum + (m - mean) ** 2, 0);
  const error = Math.sqrt(squares / (means.length - 1) / means.length);
  return { mean, error, positive: strengths.filter((s) => s > 0).length };
}

/** A strength of a perturbation that isn't followed any more. */
const LEFT = -1;

async function strengthsOf(by: Engine, count: number, options: EngineOptions): Promise<Float64Array[]> {
  const { depth } = options.ensemble;
  const layers = Array.from({ length: depth }, () => new Float64Array(count).fill(LEFT));
  const ids = Float64Array.from({ length: count }, (_, id) => id);
  for await (const { length, perturbation, layer, strength } of by.propagate(ids, options)) {
    for (let row = 0; row < length; row++) layers[layer[row]! - 1]![Number(perturbation[row])] = strength[row]!;
  }
  return layers;
}

/** Whether what a card computes may be of the law that processors compute. */
function agree(card: Sample, here: Sample): boolean {
  if (here.positive >= SIGNALS && card.positive === 0) return false;
  if (!Number.isFinite(here.mean)) return true;
  const most = Math.max(SHARE * here.mean, ERRORS * Math.hypot(card.error, here.error));
  return Math.abs(card.mean - here.mean) <= most;
}

/** The engine of a name on a card. */
async function cardEngine(name: unknown, reuse: number): Promise<Engine> {
  if (name === 'dense') return (await import('./dense.ts')).dense({ backend: 'webgpu' });
  return reuse === 1 ? annealedWebGpu : (await import('./quenched-webgpu.ts')).quenchedWebGpu;
}

/**
 * Holds strengths behind the first layers of an ensemble, as a card computes them, against those of processors: in the mean, since random numbers are
 * others. With 24 networks a correct card fails by chance less than once in 10⁸ times (Student's t).
 * @param run the engine, annealed, quenched or dense, and what is observed
 * @param networks compared, of as many perturbations each as share one
 * @throws BackendError (as a rejection) where a card computes what is wrong
 */
export async function checkStrengths(
  ensemble: Ensemble,
  { engine, observable = 'pre-activation' }: { readonly engine?: unknown; readonly observable?: Strength },
  networks: number,
  adapter: string,
): Promise<void> {
  const { reuse, depth, activation, width } = ensemble;
  const first = { ...ensemble, depth: Math.min(depth, LAYERS) };
  // A floor that nothing falls below: kernels of shared networks without one are others than those of most runs.
  const options = { ensemble: first, seed: 1, observable, floor: 0, windowRows: 65_536 } as const;
  const cards = await strengthsOf(await cardEngine(engine, reuse), networks * reuse, options);
  // The law of one perturbation, whoever shares its network.
  const alone = { ...options, ensemble: { ...first, reuse: 1 } };
  const here = await strengthsOf(annealed, Math.min(HERE, networks * reuse), alone);
  for (const [at, strengths] of cards.entries()) {
    const [card, law] = [sampleOf(strengths, reuse), sampleOf(here[at]!, 1)];
    if (agree(card, law)) continue;
    throw new BackendError(
      `backend webgpu computes wrongly on ${adapter}: a mean strength of ${card.mean.toPrecision(6)} in place of ${law.mean.toPrecision(6)} behind layer ${at + 1} of networks of ${width} neurons with ${activation}`,
    );
  }
}

/**
 * Holds strengths of a card against those of processors where both go through the same networks, as far as both follow a perturbation.
 * @param count perturbations that are followed, from number 0 on
 * @param what they go through, for messages
 * @throws BackendError (as a rejection) where they differ
 */
export async function checkSameStrengths(
  card: Engine,
  here: Engine,
  count: number,
  options: EngineOptions,
  { what, adapter }: { readonly what: string; readonly adapter: string },
): Promise<void> {
  const [cards, right] = [await strengthsOf(card, count, options), await strengthsOf(here, count, options)];
  for (const [at, strengths] of right.entries()) {
    for (const [id, s] of strengths.entries()) {
      const found = cards[at]![id]!;
      // By their last digits one may have fallen below the floor where the other hasn't.
      if (at > 0 && options.floor !== null && (s === LEFT || found === LEFT)) continue;
      if (!Number.isFinite(s) || Math.abs(found - s) <= CLOSE * s) continue;
      throw new BackendError(
        `backend webgpu computes wrongly on ${adapter}: a strength of ${found.toPrecision(6)} in place of ${s.toPrecision(6)} behind layer ${at + 1} of ${what}`,
      );
    }
  }
}
