import type { Gpu } from '../../src/gpu/device.ts';
import { matrixArena } from '../../src/kernel/matrix.ts';
import { chooseBackend } from '../../src/propagation/backend/choose.ts';
import { drawnBy, drawnLayer } from '../../src/propagation/backend/tensor-weights.ts';
import { dense } from '../../src/propagation/dense.ts';
import { networkWords, purpose } from '../../src/propagation/quenched-stream.ts';
import { type Benchmark, type Timing, tabled } from './benchmark.ts';
import { type DenseSize, layerSeconds } from './dense-layers.ts';

/** Engine dense on a card, which draws the weights, beside the SIMD kernels; and the drawing alone, there and here. */

async function layers(backend: string, size: DenseSize, networks: number): Promise<Timing> {
  const engine = dense({ backend });
  await layerSeconds(engine, size, networks);
  const seconds = await layerSeconds(engine, size, networks);
  const { width, reuse } = size;
  return tabled(seconds, 'Engine dense, everything alive', {
    backend,
    N: `${width}`,
    'perturbations a network': `${reuse}`,
    networks: `${networks}`,
    'ms a layer and network': (1e3 * seconds).toPrecision(3),
    'TFLOP/s': ((2 * reuse * width ** 2) / seconds / 1e12).toPrecision(2),
  });
}

/** Draws as often as takes about a second, after some for practice. */
async function secondsOf(draw: (times: number) => Promise<void>): Promise<number> {
  const timed = async (times: number): Promise<number> => {
    const start = performance.now();
    await draw(times);
    return (performance.now() - start) / 1e3;
  };
  await timed(2);
  const times = Math.min(2000, Math.max(2, Math.ceil(2 / (await timed(2)))));
  return (await timed(times)) / times;
}

async function onCard(width: number, networks: number): Promise<number> {
  const tensors = (await chooseBackend('webgpu')).tensors!;
  const { tf } = tensors;
  const keys = new Int32Array(4 * networks).map((_, i) => i);
  const by = drawnBy(tensors, keys, new Float32Array(networks).fill(1), undefined);
  const seconds = await secondsOf(async (times) => {
    for (let i = 1; i <= times; i++) {
      const [weights] = drawnLayer(tensors, by, i, width, width);
      // What is last in the queue says when all is done.
      if (i === times) await tf.tidy(() => tf.slice(weights, [0, 0, 0], [1, 1, 1])).data();
      weights.dispose();
    }
  });
  tf.dispose({ ...by });
  return seconds;
}

function here(width: number): Promise<number> {
  const arena = matrixArena([width ** 2 + 16]);
  const weights = arena.array(width ** 2);
  const words = networkWords(1, 0, 0, purpose.denseWeights);
  return secondsOf(async (times) => {
    for (let i = 0; i < times; i++) {
      arena.normal(words, weights);
      arena.scale(weights, 0.5);
    }
  });
}

async function drawing(by: 'the card' | 'a core', width: number, networks: number): Promise<Timing> {
  const seconds = by === 'the card' ? (await onCard(width, networks)) / networks : await here(width);
  return tabled(seconds, 'Drawing the weights of engine dense', {
    by,
    N: `${width}`,
    networks: by === 'the card' ? `${networks}` : '1',
    'ms a layer and network': (1e3 * seconds).toPrecision(3),
    'ns a weight': ((1e9 * seconds) / width ** 2).toPrecision(3),
  });
}

export function denseBenchmarks({ software }: Gpu): Benchmark[] {
  const sizes: DenseSize[] = software
    ? [{ width: 64, reuse: 16, depth: 2 }]
    : [
        { width: 512, reuse: 1024, depth: 20 },
        { width: 512, reuse: 64, depth: 20 },
      ];
  const networks = software ? 4 : 16;
  const { width } = sizes[0]!;
  return [
    ...(['the card', 'a core'] as const).map((by) => ({
      name: `dense: weights drawn by ${by}, N = ${width}`,
      run: () => drawing(by, width, networks),
    })),
    ...sizes.flatMap((size) =>
      ['webgpu', 'simd'].map((backend) => ({
        name: `dense on ${backend}, N = ${size.width}, ${size.reuse} perturbations a network`,
        run: () => layers(backend, size, networks),
      })),
    ),
  ];
}
