import { AnnealedGpu } from '../gpu/annealed.ts';
import { type Gpu, openGpu } from '../gpu/device.ts';
import { trusted } from '../gpu/self-test.ts';
import { writeId } from '../schema/int64.ts';
import { anew, tryAgain } from './anew.ts';
import { annealedLaw } from './annealed-law.ts';
import { type Engine, type EngineOptions, retires, type SignalWindow } from './engine.ts';
import { Idle } from './idle.ts';

/** Fewest layers of a round, and most neurons of a perturbation in it. */
const LAYERS = 16;
const NEURONS = 2e6;
/** Does something on the card, anew where the device was lost meanwhile. */
export async function withDevice<T>(use: (gpu: Gpu) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await use(await trusted(await openGpu()));
    } catch (error) {
      tryAgain(error, tried);
    }
  }
}

const idle = new Idle<AnnealedGpu>((left) => left.close());

async function* windows(gpu: Gpu, ids: Float64Array, options: EngineOptions): AsyncGenerator<SignalWindow, void> {
  const setup = annealedLaw(options);
  const { depth, width } = setup;
  // All follow from options and ids: the order of rows does, too. Few perturbations go on for longer, since every round waits for the card.
  const slots = Math.max(1, Math.min(ids.length, Math.floor(options.windowRows / Math.min(LAYERS, depth))));
  const layersOf = (perturbations: number): number =>
    Math.max(1, Math.min(depth, Math.floor(options.windowRows / perturbations), Math.floor(NEURONS / width)));
  const own = <T extends Int32Array | Float32Array>(rows: T): T => (options.recycle ? rows : (rows.slice() as T));
  const last = retires(options.floor);
  const plan = { output: 'rows', slots, rows: Math.max(slots, options.windowRows) } as const;
  const kernel =
    idle.take((kept) => kept.serves(gpu, setup, plan)) ?? (await new AnnealedGpu(gpu, setup, plan).start());
  try {
    /** Perturbation and layer reached of each slot. */
    const held = new Float64Array(slots);
    const reached = new Int32Array(slots);
    let live = Int32Array.from({ length: slots }, (_, slot) => slot);
    let next = 0;
    const words = new Int32Array(2 * plan.rows);
    const layer = new Int32Array(plan.rows);
    const strength = new Float32Array(plan.rows);
    for (const slot of live) held[slot] = ids[next++]!;
    while (live.length > 0) {
      const layers = layersOf(live.length);
      live.forEach((slot, at) => {
        kernel.enter(at, held[slot]!, slot, reached[slot] === 0 ? 1 : 0);
      });
      await kernel.round(live.length, layers);
      const rows = await kernel.rows(live.length, layers);
      let length = 0;
      live = live.filter((slot, at) => {
        const id = held[slot]!;
        const from = at * layers;
        const most = Math.min(layers, depth - reached[slot]!);
        let ended = false;
        for (let k = 0; k < most && !ended; k++) {
          const s = rows[from + k]!;
          const l = ++reached[slot]!;
          writeId(words, length, id);
          layer[length] = l;
          strength[length++] = s;
          ended = l === depth || last(s, l);
        }
        if (!ended) return true;
        if (next === ids.length) return false;
        held[slot] = ids[next++]!;
        reached[slot] = 0;
        return true;
      });
      yield {
        length,
        perturbation: new BigInt64Array(own(words.subarray(0, 2 * length)).buffer, 0, length),
        layer: own(layer.subarray(0, length)),
        strength: own(strength.subarray(0, length)),
      };
    }
  } finally {
    idle.put(kernel);
  }
}

/**
 * What an engine gives on a card. A device that is lost is opened anew, and the batch goes on where it was: its windows come again as they were, so
 * what has been passed on is left out.
 * @param windows windows that follow from ids and options alone
 */
export async function* resumed(
  ids: Float64Array,
  options: EngineOptions,
  windows: (gpu: Gpu, ids: Float64Array, options: EngineOptions) => AsyncGenerator<SignalWindow, void>,
): AsyncGenerator<SignalWindow, void> {
  if (ids.length === 0) return;
  yield* anew(async function* () {
    yield* windows(await trusted(await openGpu()), ids, options);
  });
}

/**
 * The annealed engine on a graphics card by WebGPU: the law of `annealed`, random numbers of its own. The same bits for any batch, window
 * and worker on one adapter; other adapters, whose functions round otherwise, agree to float32 rounding.
 */
export const annealedWebGpu: Engine = {
  name: 'annealed',
  propagate: (perturbations, options) => resumed(perturbations, options, windows),
};
