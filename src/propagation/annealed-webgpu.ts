import { AnnealedGpu } from '../gpu/annealed.ts';
import { DeviceLoss, type Gpu, openGpu } from '../gpu/device.ts';
import { trusted } from '../gpu/self-test.ts';
import { annealedLaw } from './annealed-law.ts';
import { type Engine, type EngineOptions, retires, type SignalWindow } from './engine.ts';

/** Layers of a round, and neurons of a perturbation in it. */
const LAYERS = 16;
const NEURONS = 2e6;
/** Times that a lost device is opened anew. */
const TRIES = 3;

/** Does something on the card, anew where the device was lost meanwhile. */
export async function withDevice<T>(use: (gpu: Gpu) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await use(await trusted(await openGpu()));
    } catch (error) {
      if (!(error instanceof DeviceLoss) || tried === TRIES) throw error;
    }
  }
}

async function* windows(gpu: Gpu, ids: Float64Array, options: EngineOptions): AsyncGenerator<SignalWindow, void> {
  const setup = annealedLaw(options);
  const { depth, width } = setup;
  // Both follow from the options alone: the order of rows does, too.
  const layers = Math.max(1, Math.min(LAYERS, depth, options.windowRows, Math.floor(NEURONS / width)));
  const slots = Math.max(1, Math.min(ids.length, Math.floor(options.windowRows / layers)));
  const last = retires(options.floor);
  const kernel = new AnnealedGpu(gpu, setup, { output: 'rows', slots, layers });
  try {
    await kernel.start();
    /** Perturbation and layer reached of each slot. */
    const held = new Float64Array(slots);
    const reached = new Int32Array(slots);
    let live = Int32Array.from({ length: slots }, (_, slot) => slot);
    let next = 0;
    for (const slot of live) held[slot] = ids[next++]!;
    while (live.length > 0) {
      live.forEach((slot, at) => {
        kernel.enter(at, held[slot]!, slot, reached[slot] === 0 ? 1 : 0);
      });
      await kernel.round(live.length, layers);
      const rows = new Float32Array(await kernel.read('strengths', slots));
      const window = {
        perturbation: new BigInt64Array(live.length * layers),
        layer: new Int32Array(live.length * layers),
        strength: new Float32Array(live.length * layers),
      };
      let length = 0;
      live = live.filter((slot) => {
        const id = BigInt(held[slot]!);
        const from = slot * layers;
        const most = Math.min(layers, depth - reached[slot]!);
        let ended = false;
        for (let k = 0; k < most && !ended; k++) {
          const strength = rows[from + k]!;
          const layer = ++reached[slot]!;
          window.perturbation[length] = id;
          window.layer[length] = layer;
          window.strength[length++] = strength;
          ended = layer === depth || last(strength, layer);
        }
        if (!ended) return true;
        if (next === ids.length) return false;
        held[slot] = ids[next++]!;
        reached[slot] = 0;
        return true;
      });
      yield {
        length,
        perturbation: window.perturbation.slice(0, length),
        layer: window.layer.slice(0, length),
        strength: window.strength.slice(0, length),
      };
    }
  } finally {
    kernel.close();
  }
}

/**
 * The annealed engine on a graphics card by WebGPU: the law of `annealed`, random numbers of its own. The same bits for any batch, window
 * and worker on one adapter; other adapters, whose functions round otherwise, agree to float32 rounding. A device that is lost is opened
 * anew, and the batch goes on where it was: its windows come again as they were, so what has been passed on is left out.
 */
export const annealedWebGpu: Engine = {
  name: 'annealed',
  async *propagate(perturbations, options) {
    if (perturbations.length === 0) return;
    let given = 0;
    for (let tried = 1; ; tried++) {
      try {
        let seen = 0;
        for await (const window of windows(await trusted(await openGpu()), perturbations, options)) {
          if (seen++ < given) continue;
          given++;
          yield window;
        }
        return;
      } catch (error) {
        if (!(error instanceof DeviceLoss) || tried === TRIES) throw error;
      }
    }
  },
};
