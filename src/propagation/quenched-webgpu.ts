import type { Gpu } from '../gpu/device.ts';
import { QuenchedGpu } from '../gpu/quenched.ts';
import { costOf, ROUND } from '../gpu/quenched-parameters.ts';
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
  readonly #reuse: number;
  /** Places in a network that have not ended, whether or not they are asked for: ascending, from slot · reuse on. */
  readonly alive: Int32Array;
  readonly count: Int32Array;
  readonly reached: Int32Array;
  readonly share: Share[];

  constructor(slots: number, reuse: number) {
    this.#reuse = reuse;
    this.alive = new Int32Array(slots * reuse);
    this.count = new Int32Array(slots);
    this.reached = new Int32Array(slots);
    this.share = new Array(slots);
  }

  begin(slot: number, share: Share): void {
    const reuse = this.#reuse;
    for (let i = 0; i < reuse; i++) this.alive[slot * reuse + i] = i;
    this.count[slot] = reuse;
    this.reached[slot] = 0;
    this.share[slot] = share;
  }
}

async function* windows(gpu: Gpu, ids: Float64Array, options: EngineOptions): AsyncGenerator<SignalWindow, void> {
  const { reuse } = options.ensemble;
  const setup = quenchedLaw(options);
  const { depth, width } = setup;
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
    const held = new Held(slots, reuse);
    const { alive, count, reached } = held;
    /** Where the strengths of those that are left stand in a layer's. */
    const columns = new Int32Array(reuse);
    let next = 0;
    let live = Int32Array.from({ length: slots }, (_, slot) => slot);
    for (const slot of live) held.begin(slot, networks[next++]!);
    while (live.length > 0) {
      let [all, most] = [0, 0];
      for (const slot of live) {
        all += count[slot]!;
        most = Math.max(most, count[slot]!);
      }
      const layers = Math.max(1, Math.min(depth, Math.floor(ROWS / all), Math.floor(ROUND / (width * costOf(most)))));
      let place = 0;
      for (let at = 0; at < live.length; at++) {
        const slot = live[at]!;
        kernel.enter(at, held.share[slot]!.network, slot, reached[slot] === 0, count[slot]!, place);
        place += count[slot]! * layers;
      }
      const rows = await kernel.rows(live.length, layers, place);
      place = 0;
      for (const slot of live) {
        const { network, from, to } = held.share[slot]!;
        const first = network * reuse;
        const own = slot * reuse;
        const whole = to - from === reuse;
        const width = count[slot]!;
        let left = width;
        for (let i = 0; i < left; i++) columns[i] = i;
        const stop = Math.min(layers, depth - reached[slot]!);
        for (let k = 0; k < stop && left > 0; k++) {
          const layer = ++reached[slot]!;
          const row = place + k * width;
          let stay = 0;
          // Those that are asked for come in ascending order, too.
          let wanted = from;
          for (let i = 0; i < left; i++) {
            const column = columns[i]!;
            const s = rows[row + column]!;
            const id = first + alive[own + column]!;
            if (!whole) while (wanted < to && ids[wanted]! < id) wanted++;
            if (whole || (wanted < to && ids[wanted] === id)) {
              out.push(id, layer, s);
              if (out.full) yield out.take();
            }
            if (!last(s, layer)) columns[stay++] = column;
          }
          left = stay;
        }
        place += layers * width;
        for (let i = 0; i < left; i++) alive[own + i] = alive[own + columns[i]!]!;
        count[slot] = reached[slot] === depth ? 0 : left;
      }
      live = live.filter((slot) => {
        if (count[slot]! > 0) return true;
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
