import type { Gpu } from '../../src/gpu/device.ts';
import { QuenchedGpu } from '../../src/gpu/quenched.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import type { Engine, EngineOptions } from '../../src/propagation/engine.ts';
import { quenchedLaw } from '../../src/propagation/network-shares.ts';
import { quenched } from '../../src/propagation/quenched.ts';
import { quenchedWebGpu } from '../../src/propagation/quenched-webgpu.ts';
import { type Benchmark, type Timing, tabled } from './benchmark.ts';

const KERNEL = 'Kernel of engine quenched';

async function rowsOf(engine: Engine, perturbations: number, options: EngineOptions): Promise<number> {
  const ids = Float64Array.from({ length: perturbations }, (_, i) => i);
  let rows = 0;
  for await (const { length } of engine.propagate(ids, options)) rows += length;
  return rows;
}

/** Seconds that the card takes for networks whose avalanches are all cut off at the depth; what a host thread does with their records isn't in it. */
async function dispatched(card: Gpu, networks: number, options: EngineOptions): Promise<number> {
  const law = quenchedLaw(options);
  const { reuse } = law;
  const plan = { output: 'avalanches', threshold: 0, leavesOut: false, points: 0, excessProfile: true } as const;
  const slots = Math.min(networks, QuenchedGpu.most(law, card.device.limits.maxStorageBufferBindingSize, plan));
  const kernel = await new QuenchedGpu(card, law, slots, plan).start();
  const start = performance.now();
  for (let first = 0; first < networks; first += slots) {
    const some = Math.min(slots, networks - first);
    for (let going = some, fresh = true; going > 0; fresh = false) {
      for (let at = 0; at < some; at++) kernel.enter(at, first + at, at, fresh, reuse);
      going = (await kernel.go(some)).reduce((sum, left) => sum + left, 0);
    }
  }
  const seconds = (performance.now() - start) / 1e3;
  kernel.close();
  return seconds;
}

/** Layers of perturbations that all go through the whole depth, windows and all, and where the card finds avalanches; beside one core of this machine. */
async function kernel(gpu: Gpu, width: number, reuse: number): Promise<Timing> {
  const { software } = gpu;
  const ensemble: Ensemble = {
    index: 0,
    activation: 'tanh',
    width,
    depth: software ? 4 : 16,
    weightVariance: 1 + 1 / width,
    biasVariance: 0,
    inputStrength: 0.1 / Math.sqrt(width),
    reuse,
  };
  const options = { ensemble, seed: 1, observable: 'pre-activation', floor: null, windowRows: 65_536 } as const;
  // The first layer takes about two and a half.
  const layersOf = (perturbations: number): number => (ensemble.depth + 1.5) * reuse * Math.ceil(perturbations / reuse);
  const timed = async (engine: Engine, perturbations: number): Promise<number> => {
    const networks = Math.ceil(perturbations / reuse);
    const start = performance.now();
    const rows = await rowsOf(engine, networks * reuse, { ...options, recycle: true });
    return (performance.now() - start) / 1e3 / (rows + 1.5 * networks * reuse);
  };
  const [few, many] = software ? [reuse, 2 * reuse] : [65_536, 262_144];
  await dispatched(gpu, Math.ceil(few / reuse), options);
  const card = (await dispatched(gpu, Math.ceil(many / reuse), options)) / layersOf(many);
  await timed(quenchedWebGpu, few);
  const windows = await timed(quenchedWebGpu, many);
  await timed(quenched, reuse);
  const core = await timed(quenched, 16 * reuse);
  return tabled(card / width, KERNEL, {
    what: 'quenched kernel',
    N: `${width}`,
    reuse: `${reuse}`,
    'ps a neuron and layer': ((card / width) * 1e12).toPrecision(3),
    'ns a layer': (card * 1e9).toPrecision(3),
    'ns a layer by windows': (windows * 1e9).toPrecision(3),
    'ns a layer of one core': (core * 1e9).toPrecision(3),
  });
}

/** Networks that perturbations share on a card, all of them alive. */
export function quenchedBenchmarks(card: Gpu): Benchmark[] {
  const sizes = [
    [512, 16],
    [512, 2],
    [512, 64],
    [128, 16],
  ] as const;
  return sizes.map(([width, reuse]) => ({
    name: `quenched kernel, N = ${width}, reuse ${reuse}`,
    run: () => kernel(card, width, reuse),
  }));
}
