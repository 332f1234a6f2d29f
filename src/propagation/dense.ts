import { BackendError, ParameterError } from '../error.ts';
import { type MatrixArena, matrixArena } from '../kernel/matrix.ts';
import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { Backend, Layers, LayersOptions } from './backend/layers.ts';
import { openBackend } from './backend/open.ts';
import { differencesBackend } from './backend/simd-differences.ts';
import type { DataPoints } from './data-points.ts';
import { DenseGroup, placeWeights } from './dense-group.ts';
import { checkWeights, type LayerWeights } from './dense-weights.ts';
import { type Engine, type EngineOptions, retires, type SignalWindow } from './engine.ts';
import { SignalRows } from './signal-rows.ts';

/** How the engine `dense` multiplies, and by what. */
export interface DenseOptions {
  /** `auto` (default), `tensorflow-gpu`, `webgpu`, `simd`, `wasm` or `cpu`. */
  readonly backend?: string;
  /**
   * Given weights, one entry a layer, in place of random ones: one network for all perturbations. Strengths are means over each
   * layer's own width.
   */
  readonly weights?: readonly LayerWeights[];
  /** What the inputs are: `pre-activation` (default: layer 1 sees φ(h^0)), or `post-activation` (layer 1 sees h^0 as it is). */
  readonly input?: 'pre-activation' | 'post-activation';
  /**
   * Data points that perturbations ε are added to: signals are then of δ^l = h^l(x + ε) − h^l(x), not of h^l(ε). With given weights only, on backends `auto`
   * and `simd`. Points are what `input` says, as perturbations are.
   */
  readonly around?: DataPoints;
}

/** Floats that the weights, and the rows, of a group of networks may take. */
const [WEIGHTS, ROWS] = [2 ** 22, 2 ** 20];

/** Layers between two looks at the strengths, at first. */
const FIRST_LOOK = 4;

/** Perturbations by network, in slices of at most `most` (weights are drawn by network: slices share them). */
function slices(perturbations: Float64Array, reuse: number, most: number) {
  const out: { network: number; ids: number[] }[] = [];
  for (const id of perturbations) {
    const network = Math.floor(id / reuse);
    const last = out.at(-1);
    if (last?.network === network && last.ids.length < most) last.ids.push(id);
    else out.push({ network, ids: [id] });
  }
  return out;
}

/** Where weights, biases and inputs of networks lie. */
interface Memory {
  readonly arena: MatrixArena;
  readonly weights: Float32Array;
  readonly biases: Float32Array;
  readonly inputs: Float32Array;
}

/** @throws BackendError where there isn't enough */
function takeMemory(
  backend: Backend,
  options: LayersOptions,
  { networks, rows, width, size }: Plan,
  here: boolean,
): Memory {
  const drawn = here ? networks : 0;
  const lengths = [drawn * size + 16, drawn * width + 16, networks * rows * width + 16];
  try {
    const arena = matrixArena([...lengths, ...backend.room(options)]);
    const [weights, biases, inputs] = lengths.map((length) => arena.array(length));
    return { arena, weights: weights!, biases: biases!, inputs: inputs! };
  } catch (error) {
    const floats = lengths.reduce((sum, length) => sum + length, 0);
    throw new BackendError(
      `engine dense has no memory for ${floats} weights and inputs at once; lower width or reuse`,
      { cause: error },
    );
  }
}

/**
 * The textbook simulation on tensors: weights are sampled and multiplied (arXiv:2509.22649, Methods), any number of perturbations a
 * network. The reference for the engines that hold no weights, and the one for given weights. Random numbers come from the package's
 * own streams, so every backend draws the same network, and strengths agree between backends to float32 rounding; but on `webgpu` the
 * card draws the weights, by a generator of its own.
 *
 * Several networks go through together; strengths are read back every few layers, retired perturbations are taken out then.
 * @throws BackendError, when it propagates, for a backend that isn't there; ParameterError for weights that don't fit the ensemble
 */
export function dense(options: DenseOptions = {}): Engine {
  let opened: Promise<Backend> | undefined;
  async function* windows(
    perturbations: Float64Array,
    engine: EngineOptions,
  ): AsyncGenerator<SignalWindow, void, undefined> {
    const { ensemble, observable, windowRows } = engine;
    const { weights: given, around, backend: name = 'auto' } = options;
    if (given !== undefined) checkWeights(given, ensemble);
    if (around !== undefined) checkPoints(around, given, ensemble);
    opened ??= around === undefined ? openBackend(name) : Promise.resolve(differencesBackend(name, around));
    const backend = await opened;
    const plan = planOf(perturbations, ensemble, given, backend);
    const { members, networks } = plan;
    if (members.length === 0) return;
    const layersOptions = {
      activation: activation(ensemble.activation),
      observable,
      largestRows: networks * plan.rows,
      largestWidth: plan.width,
    };
    const draws = given === undefined && backend.draws === true;
    const memory = takeMemory(backend, layersOptions, plan, !draws);
    const { arena, inputs } = memory;
    const layers = backend.layers(layersOptions, arena);
    const advance = advanceBy(layers, options, ensemble, draws, memory);
    const out = new SignalRows(windowRows, engine.recycle);
    try {
      for (let from = 0; from < members.length; from += networks) {
        const group = new DenseGroup(ensemble, engine.seed, members.slice(from, from + networks));
        group.inputs(arena, inputs);
        const own = inputs.subarray(0, group.ids.length * ensemble.width);
        layers.start(own, group.networks, group.rows, ensemble.width, group.ids);
        yield* follow(group, layers, advance, engine, out);
      }
      if (out.length > 0) yield out.take();
    } catch (error) {
      // It may have lost its device: who comes next opens another.
      opened = undefined;
      throw error;
    } finally {
      layers.close();
    }
  }
  return {
    name: 'dense',
    async *propagate(
      perturbations: Float64Array,
      engine: EngineOptions,
    ): AsyncGenerator<SignalWindow, void, undefined> {
      if (options.backend !== 'webgpu') return yield* windows(perturbations, engine);
      const { anew } = await import('./anew.ts');
      yield* anew(() => windows(perturbations, engine), options.weights === undefined ? 'width or reuse' : undefined);
    },
  };
}

function checkPoints({ width }: DataPoints, given: DenseOptions['weights'], ensemble: Ensemble): void {
  if (given === undefined) throw new ParameterError('data points must come with the weights of the network');
  if (width !== ensemble.width)
    throw new ParameterError(`data points must have ${ensemble.width} numbers, as the first layer takes, got ${width}`);
}

/** How perturbations are grouped: `networks` at once, with at most `rows` perturbations each. */
interface Plan {
  readonly members: ReturnType<typeof slices>;
  readonly networks: number;
  readonly rows: number;
  /** Of the widest layer. */
  readonly width: number;
  /** Of the largest matrix of weights. */
  readonly size: number;
}

function planOf(
  perturbations: Float64Array,
  ensemble: Ensemble,
  given: readonly LayerWeights[] | undefined,
  { alone = false }: Backend,
): Plan {
  const width = Math.max(ensemble.width, ...(given ?? []).map(({ outWidth }) => outWidth));
  const size = Math.max(ensemble.width ** 2, ...(given ?? []).map(({ kernel }) => kernel.length));
  const reuse = given === undefined ? ensemble.reuse : Number.MAX_SAFE_INTEGER;
  const members = slices(perturbations, reuse, Math.max(16, Math.floor(ROWS / width)));
  const rows = Math.max(0, ...members.map(({ ids }) => ids.length));
  const most = Math.floor(Math.min(WEIGHTS / size, ROWS / (rows * width)));
  const together = given !== undefined || alone ? 1 : Math.max(1, most);
  return { members, networks: Math.min(together, members.length), rows, width, size };
}

/** Takes a group through layer l. */
type Advance = (group: DenseGroup, l: number) => void;

/** Where the weights of a layer come from: drawn by the backend, drawn here, or given. */
function advanceBy(
  layers: Layers,
  { weights: given, input }: DenseOptions,
  { width, biasVariance }: Ensemble,
  draws: boolean,
  { arena, weights, biases }: Memory,
): Advance {
  const asTheyAre = (l: number): boolean => l === 1 && input === 'post-activation';
  if (draws) return (group, l) => layers.drawn!(group.onDevice(), l, asTheyAre(l));
  if (given === undefined) {
    return (group, l) => {
      group.weights(arena, weights, biases);
      layers.layer(weights, biasVariance > 0 ? biases : undefined, width, asTheyAre(l));
    };
  }
  return (_, l) => {
    const layer = given[l - 1]!;
    placeWeights(layer, weights, biases);
    layers.layer(weights, layer.bias === undefined ? undefined : biases, layer.outWidth, asTheyAre(l));
  };
}

/** Rows of a group through all layers, or to its last perturbation. */
async function* follow(
  group: DenseGroup,
  layers: Layers,
  advance: Advance,
  { ensemble, floor, windowRows }: EngineOptions,
  out: SignalRows,
): AsyncGenerator<SignalWindow, void, undefined> {
  let look = FIRST_LOOK;
  for (let done = 0; done < ensemble.depth && group.networks > 0; ) {
    const steps = Math.min(look, ensemble.depth - done, Math.max(1, Math.floor(windowRows / group.ids.length)));
    for (let l = done + 1; l <= done + steps; l++) advance(group, l);
    yield* emit(await layers.strengths(), group.ids, done + 1, floor, out);
    done += steps;
    const before = group.ids.length;
    const staying = group.compact();
    if (staying !== undefined && group.networks > 0) layers.keep(staying, group.networks, group.rows);
    // Look again when about a quarter will have been retired.
    look = group.ids.length > 0.75 * before ? Math.min(2 * look, 64) : Math.max(1, look >> 1);
  }
}

/** Rows of several layers, from layer `first`; marks retired ids with −1. */
function* emit(
  strengths: Float32Array,
  ids: Float64Array,
  first: number,
  floor: EngineOptions['floor'],
  out: SignalRows,
): Generator<SignalWindow, void, undefined> {
  const retired = retires(floor);
  for (let at = 0, layer = first; at < strengths.length; at += ids.length, layer++) {
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row]!;
      if (id < 0) continue;
      const strength = strengths[at + row]!;
      out.push(id, layer, strength);
      if (out.full) yield out.take();
      if (retired(strength, layer)) ids[row] = -1;
    }
  }
}
