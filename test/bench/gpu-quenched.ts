import type { Gpu } from '../../src/gpu/device.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import type { Engine, EngineOptions } from '../../src/propagation/engine.ts';
import { followedQuenched } from '../../src/propagation/first-passage-quenched-webgpu.ts';
import { quenched } from '../../src/propagation/quenched.ts';
import { quenchedWebGpu } from '../../src/propagation/quenched-webgpu.ts';
import { firstPassage } from '../gpu/first-passage-request.ts';
import { type Benchmark, type Timing, tabled } from './benchmark.ts';

const KERNEL = 'Kernel of engine quenched';

async function rowsOf(engine: Engine, perturbations: number, options: EngineOptions): Promise<number> {
  const ids = Float64Array.from({ length: perturbations }, (_, i) => i);
  let rows = 0;
  for await (const { length } of engine.propagate(ids, options)) rows += length;
  return rows;
}

/** Layers that avalanches have which the card finds, all of them cut off at the depth. */
async function layersFound(perturbations: number, options: EngineOptions): Promise<number> {
  const ids = Float64Array.from({ length: perturbations }, (_, i) => i);
  let layers = 0;
  const request = { ...firstPassage(options.ensemble), threshold: 0 };
  for await (const { duration } of followedQuenched(ids, options, request, () => false)!) {
    for (const d of duration) layers += d;
  }
  return layers;
}

/** Layers of perturbations that all go through the whole depth, windows and all, and where the card finds avalanches; beside one core of this machine. */
async function kernel({ software }: Gpu, width: number, reuse: number): Promise<Timing> {
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
  const timed = async (engine: Engine | 'found', perturbations: number): Promise<number> => {
    const networks = Math.ceil(perturbations / reuse);
    const start = performance.now();
    const all = { ...options, recycle: true };
    const rows = await (engine === 'found'
      ? layersFound(networks * reuse, all)
      : rowsOf(engine, networks * reuse, all));
    // The first layer takes about two and a half.
    return (performance.now() - start) / 1e3 / (rows + 1.5 * networks * reuse);
  };
  const onCard = async (road: Engine | 'found'): Promise<number> => {
    await timed(road, software ? reuse : 65_536);
    return timed(road, software ? 2 * reuse : 262_144);
  };
  const card = await onCard('found');
  const windows = await onCard(quenchedWebGpu);
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
