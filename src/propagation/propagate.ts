import type { RecordBatch } from 'apache-arrow';
import { ParameterError } from '../error.ts';
import type { PartitionContext } from '../pipeline.ts';
import { offerMemory } from '../recycling.ts';
import { offerFloor } from '../retired.ts';
import { type Batch, column, makeBatch, taken } from '../schema/batch.ts';
import { constantInt32 } from '../schema/constant-column.ts';
import { readIds } from '../schema/int64.ts';
import { offerShortcut } from '../shortcut.ts';
import { pulled, type Stage } from '../stage.ts';
import { checkOptions, type Engine, type EngineOptions, type SignalWindow, type Strength } from './engine.ts';
import { engine as engineOf } from './engines.ts';
import { noteEngine } from './handed-engine.ts';
import { type Follow, type KeptSignals, shortcut } from './shortcuts.ts';

/** What perturbations go through, and what is observed of them. */
export interface PropagateOptions {
  /** A name that `engine()` knows, or an engine. */
  readonly engine: string | Engine;
  /** Backend of engine dense, where it is given by name: `auto` (default), `tensorflow-gpu`, `webgpu`, `simd`, `wasm` or `cpu`. */
  readonly backend?: string;
  /** Which signal strength is observed; pre-activation by default. */
  readonly observable?: Strength;
  /**
   * Perturbations are let go of after the first layer below this strength, as the engine makes it: a constant, or one a layer with index l. By default
   * the input strength, the threshold of arXiv:2509.22649. Where a stage between this and `avalanches` lifts strengths it must be lower, so that
   * avalanches end there before the perturbation is let go of here: `floor: threshold / gain` for a gain, `floor: 0` to be sure.
   */
  readonly floor?: number | Float32Array;
  /** Follow every perturbation through all layers. */
  readonly fullDepth?: boolean;
  /** Rows of a window; memory is one window. Default 65,536. */
  readonly windowRows?: number;
  /**
   * True where no stage keeps a batch, or a column of it, beyond the step that it was given to it in (recorded tables are copied): batches, those of
   * perturbations included, may then share their memory with the next ones, and a run makes hardly any garbage. Default false, since a stage that does keep them would see them change.
   */
  readonly recycle?: boolean;
}

/**
 * Perturbations that engine effective follows at once: more take it no less time each, and ids of a whole partition would lie in memory twice.
 */
const followedAtOnce = 4096;

/** Rows of a window of sampled signals at most, of which a partition has few. */
const sampledRows = 8192;

/** What `propagate` needs of a partition. */
export type PropagateContext = Pick<PartitionContext, 'ensemble' | 'seed' | 'drained'>;

function engineOptions(partition: PropagateContext, options: PropagateOptions): EngineOptions {
  const { ensemble, seed } = partition;
  const {
    observable = 'pre-activation',
    windowRows = 65_536,
    fullDepth = false,
    floor = ensemble.inputStrength,
    recycle = false,
  } = options;
  const checked = { ensemble, seed, observable, windowRows, floor: fullDepth ? null : floor, recycle };
  checkOptions(checked);
  return checked;
}

/**
 * Propagates perturbations layer by layer: batches of the `perturbation` table in, batches of the `signal` table out, one a window.
 *
 * Each window is emitted synchronously down the whole chain, then `partition.drained()` is awaited before the next one is made (see `pulled`), so
 * memory is one window whatever the sinks do. Perturbation batches are taken in order; those
 * that come while others are under way wait (they are small). Unsubscribing stops the engine at the end of its window.
 * @throws ParameterError for options out of range; an unknown engine name, batches of another table, and what the engine throws, come as an error of
 *   the stream
 */
export function propagate(partition: PropagateContext, options: PropagateOptions): Stage<'perturbation', 'signal'> {
  const settings = engineOptions(partition, options);
  if (settings.floor !== null) offerFloor(partition, settings.floor);
  if (settings.recycle === true) offerMemory(partition);
  const signal = ({ length, perturbation, layer, strength }: SignalWindow): Batch<'signal'> => {
    const index = constantInt32(settings.ensemble.index, length);
    return makeBatch('signal', { ensemble: index, perturbation, layer, strength }, length);
  };
  const { backend } = options;
  const engine = withoutSharing(options.engine, backend, settings);
  if (typeof engine !== 'string' && typeof engine?.propagate !== 'function') {
    throw new ParameterError(
      'engine must be a name, or an object with a name and a generator propagate(perturbations, options)',
    );
  }
  noteEngine(
    partition,
    typeof options.engine === 'string'
      ? { name: options.engine, byName: { backend } }
      : { name: options.engine.name ?? 'unnamed' },
  );
  const idsOf = (batch: RecordBatch): Float64Array =>
    readIds(column(taken('propagate', 'perturbation', batch), 'perturbation'));
  const windows = async function* (ids: Float64Array, windowRows = settings.windowRows) {
    let rest = ids;
    const kept = await keptSignals(engine, backend, ids, settings);
    if (kept !== undefined) {
      for (const window of cut(kept.window, windowRows)) yield signal(window);
      kept.release?.();
      rest = ids.subarray(kept.perturbations);
      if (rest.length === 0) return;
    }
    const chosen = typeof engine === 'string' ? await engineOf(engine, backend) : engine;
    for await (const window of chosen.propagate(rest, { ...settings, windowRows })) yield signal(window);
  };
  const signals = (ids: (batch: RecordBatch) => Float64Array, rows?: number) =>
    pulled(partition, (batch) => windows(ids(batch), rows));
  const follow = followerOf(engine, backend, settings, windows);
  if (follow === undefined) return signals(idsOf);
  return (perturbation$) => {
    const signal$ = perturbation$.pipe(signals(idsOf));
    const few = engine === 'effective' ? Math.min(sampledRows, settings.windowRows) : settings.windowRows;
    const some = (ids: (batch: RecordBatch) => Float64Array) => perturbation$.pipe(signals(ids, few));
    const atOnce = engine === 'effective' ? followedAtOnce : Number.POSITIVE_INFINITY;
    offerShortcut(signal$, shortcut(partition, perturbation$, { settings, follow, atOnce, signals: some }));
    return signal$;
  };
}

/** Networks that nobody shares are those of engine annealed, which finds avalanches on a card, too. */
function withoutSharing(
  engine: PropagateOptions['engine'],
  backend: string | undefined,
  { ensemble }: EngineOptions,
): PropagateOptions['engine'] {
  return engine === 'quenched' && backend === 'webgpu' && ensemble.reuse === 1 ? 'annealed' : engine;
}

/** Signals that are still where avalanches were found, if they are. */
async function keptSignals(
  engine: PropagateOptions['engine'],
  backend: string | undefined,
  ids: Float64Array,
  settings: EngineOptions,
): Promise<KeptSignals | undefined> {
  if (engine === 'quenched' && backend === 'webgpu') {
    return (await import('./first-passage-quenched-webgpu.ts')).keptQuenched(ids, settings);
  }
  if (engine !== 'annealed') return undefined;
  if (backend !== 'webgpu') return (await import('./first-passage-annealed.ts')).keptAnnealed(ids, settings);
  return (await import('./first-passage-webgpu.ts')).keptWebGpu(ids, settings);
}

/** A window as several of at most so many rows. */
function* cut({ length, perturbation, layer, strength }: SignalWindow, rows: number): Generator<SignalWindow, void> {
  for (let from = 0; from < length; from += rows) {
    const to = Math.min(length, from + rows);
    const part = <T extends BigInt64Array | Int32Array | Float32Array>(column: T) => column.subarray(from, to) as T;
    yield {
      length: to - from,
      perturbation: part(perturbation),
      layer: part(layer),
      strength: part(strength),
    };
  }
}

/** How perturbations are followed to the end of their avalanches without signals, by engines that can. */
function followerOf(
  engine: PropagateOptions['engine'],
  backend: string | undefined,
  settings: EngineOptions,
  windows: (ids: Float64Array) => AsyncIterable<RecordBatch>,
): Follow | undefined {
  if (engine === 'annealed' && backend === 'webgpu') {
    return async function* (ids, request, halted) {
      const { followedWebGpu } = await import('./first-passage-webgpu.ts');
      yield* followedWebGpu(ids, settings, request, halted);
    };
  }
  if (engine === 'quenched' && backend === 'webgpu') {
    return async function* (ids, request, halted) {
      const { followedQuenched } = await import('./first-passage-quenched-webgpu.ts');
      yield* followedQuenched(ids, settings, request, halted) ?? windows(ids);
    };
  }
  if (engine === 'annealed') {
    return async function* (ids, request) {
      const { followedAnnealed } = await import('./first-passage-annealed.ts');
      yield* followedAnnealed(ids, settings, request) ?? windows(ids);
    };
  }
  if (engine === 'effective' && backend !== 'webgpu') {
    return async function* (ids, request) {
      const { followedEffective } = await import('./first-passage-effective.ts');
      yield* followedEffective(ids, settings, request) ?? windows(ids);
    };
  }
  return undefined;
}
