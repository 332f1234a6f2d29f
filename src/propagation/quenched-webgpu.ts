import type { Gpu } from '../gpu/device.ts';
import { QuenchedGpu } from '../gpu/quenched.ts';
import { costOf, type QuenchedLaw, ROUND } from '../gpu/quenched-parameters.ts';
import { annealedWebGpu, resumed } from './annealed-webgpu.ts';
import { type Engine, type EngineOptions, retires, type SignalWindow } from './engine.ts';
import { Idle } from './idle.ts';
import { quenchedLaw, type Share, shares } from './network-shares.ts';
import { SignalRows } from './signal-rows.ts';

/** Strengths of a round, and the fewest layers that all networks are held for at once. */
const ROWS = 2 ** 21;
const LAYERS = 8;

const plan = { output: 'rows', rows: ROWS } as const;

const idle = new Idle<QuenchedGpu>((left) => left.close());

/** Networks under way, by their slots. */
class Held {
  readonly share: Share[];
  /** Perturbations of a slot's network that have not ended, whether or not they are asked for. */
  readonly count: Int32Array;
  readonly reached: Int32Array;
  readonly #reuse: number;
  readonly #depth: number;
  /** Places of those in their network: ascending, from slot · reuse on. */
  readonly #alive: Int32Array;
  /** Where the strengths of those that are left stand in a layer's. */
  readonly #columns: Int32Array;

  constructor(slots: number, { reuse, depth }: QuenchedLaw) {
    this.#reuse = reuse;
    this.#depth = depth;
    this.share = new Array(slots);
    this.count = new Int32Array(slots);
    this.reached = new Int32Array(slots);
    this.#alive = new Int32Array(slots * reuse);
    this.#columns = new Int32Array(reuse);
  }

  begin(slot: number, share: Share): void {
    const reuse = this.#reuse;
    for (let i = 0; i < reuse; i++) this.#alive[slot * reuse + i] = i;
    this.count[slot] = reuse;
    this.reached[slot] = 0;
    this.share[slot] = share;
  }

  /**
   * Goes on with a network, and gives windows as they are full of the rows that are asked for.
   * @param strengths of its next layers, each those of the perturbations that had not ended before
   * @param last whether a perturbation ends with a layer
   */
  *rows(
    slot: number,
    strengths: Float32Array,
    layers: number,
    ids: Float64Array,
    last: (strength: number, layer: number) => boolean,
    out: SignalRows,
  ): Generator<SignalWindow, void> {
    const columns = this.#columns;
    const { network, from, to } = this.share[slot]!;
    const alive = this.#alive.subarray(slot * this.#reuse);
    const first = network * this.#reuse;
    const whole = to - from === this.#reuse;
    const width = this.count[slot]!;
    let left = width;
    for (let i = 0; i < left; i++) columns[i] = i;
    const begun = this.reached[slot]!;
    const stop = Math.min(begun + layers, this.#depth);
    let layer = begun;
    while (layer < stop && left > 0) {
      const row = (layer - begun) * width;
      layer++;
      let stay = 0;
      // Those that are asked for come in ascending order, too.
      let wanted = from;
      for (let i = 0; i < left; i++) {
        const column = columns[i]!;
        const s = strengths[row + column]!;
        const id = first + alive[column]!;
        if (!whole) while (wanted < to && ids[wanted]! < id) wanted++;
        if (whole || (wanted < to && ids[wanted] === id)) {
          out.push(id, layer, s);
          if (out.full) yield out.take();
        }
        if (!last(s, layer)) columns[stay++] = column;
      }
      left = stay;
    }
    this.reached[slot] = layer;
    for (let i = 0; i < left; i++) alive[i] = alive[columns[i]!]!;
    this.count[slot] = layer === this.#depth ? 0 : left;
  }
}

/** Layers of a round: as many as there is room for the strengths of all, and time for the network with most that go on. */
function layersOf(held: Held, live: Int32Array, { depth, width }: QuenchedLaw): number {
  let [all, most] = [0, 0];
  for (const slot of live) {
    all += held.count[slot]!;
    most = Math.max(most, held.count[slot]!);
  }
  return Math.max(1, Math.min(depth, Math.floor(ROWS / all), Math.floor(ROUND / (width * costOf(most)))));
}

/** Has the kernel go on with networks for so many layers; strengths of a network are after those of the ones before it. */
function strengthsOf(kernel: QuenchedGpu, held: Held, live: Int32Array, layers: number): Promise<Float32Array> {
  let place = 0;
  live.forEach((slot, at) => {
    const count = held.count[slot]!;
    kernel.enter(at, held.share[slot]!.network, slot, held.reached[slot] === 0, count, place);
    place += count * layers;
  });
  return kernel.rows(live.length, layers, place);
}

async function* windows(gpu: Gpu, ids: Float64Array, options: EngineOptions): AsyncGenerator<SignalWindow, void> {
  const { reuse } = options.ensemble;
  const setup = quenchedLaw(options);
  const networks = shares(ids, reuse);
  // All follow from options, ids and the adapter: the order of rows does, too.
  const most = QuenchedGpu.most(setup, gpu.device.limits.maxStorageBufferBindingSize);
  const slots = Math.max(1, Math.min(networks.length, Math.floor(ROWS / LAYERS / reuse), most));
  const kernel =
    idle.take((kept) => kept.serves(gpu, setup, slots, plan)) ??
    (await new QuenchedGpu(gpu, setup, slots, plan).start());
  try {
    const last = retires(options.floor);
    const out = new SignalRows(options.windowRows, options.recycle);
    const held = new Held(slots, setup);
    let next = 0;
    let live = Int32Array.from({ length: slots }, (_, slot) => slot);
    for (const slot of live) held.begin(slot, networks[next++]!);
    while (live.length > 0) {
      const layers = layersOf(held, live, setup);
      const strengths = await strengthsOf(kernel, held, live, layers);
      let place = 0;
      for (const slot of live) {
        const size = layers * held.count[slot]!;
        yield* held.rows(slot, strengths.subarray(place, place + size), layers, ids, last, out);
        place += size;
      }
      live = live.filter((slot) => {
        if (held.count[slot]! > 0) return true;
        if (next === networks.length) return false;
        held.begin(slot, networks[next++]!);
        return true;
      });
    }
    if (out.length > 0) yield out.take();
  } finally {
    idle.put(kernel);
  }
}

/**
 * The quenched engine on a graphics card by WebGPU: the law of `quenched`, random numbers of its own. The same bits for any batch, window and
 * worker on one adapter. Perturbations whose correlation exceeds 1 − 5·10⁻⁷ go on as one. Networks that nobody shares are those of the annealed engine,
 * to the bit.
 * @throws ParameterError (as a rejection) for an activation that cards don't have, and where more share a network than a card takes
 */
export const quenchedWebGpu: Engine = {
  name: 'quenched',
  async *propagate(perturbations, options) {
    if (options.ensemble.reuse === 1) yield* annealedWebGpu.propagate(perturbations, options);
    else yield* resumed(perturbations, options, windows);
  },
};
