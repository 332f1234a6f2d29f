import type { Gpu } from '../../src/gpu/device.ts';
import { dense } from '../../src/propagation/dense.ts';
import { type Benchmark, type Timing, tabled } from './benchmark.ts';

/** Engine dense on a card beside the SIMD kernels: weights are drawn by the processor, layer by layer. */

interface Size {
  readonly width: number;
  readonly reuse: number;
  readonly depth: number;
}

async function layers(backend: string, { width, reuse, depth }: Size, networks: number): Promise<Timing> {
  const ensemble = {
    index: 0,
    activation: 'tanh',
    width,
    depth,
    weightVariance: 1.5,
    biasVariance: 0.05,
    inputStrength: 0.5,
    reuse,
  };
  const engine = dense({ backend });
  const options = { ensemble, seed: 1, observable: 'pre-activation', floor: null, windowRows: 2 ** 16 } as const;
  const run = async (): Promise<number> => {
    const start = performance.now();
    let rows = 0;
    const ids = Float64Array.from({ length: networks * reuse }, (_, i) => i);
    for await (const window of engine.propagate(ids, options)) rows += window.length;
    return (performance.now() - start) / 1e3 / (rows / reuse);
  };
  await run();
  const seconds = await run();
  return tabled(seconds, 'Engine dense, everything alive', {
    backend,
    N: `${width}`,
    'perturbations a network': `${reuse}`,
    networks: `${networks}`,
    'ms a layer and network': (1e3 * seconds).toPrecision(3),
    'TFLOP/s': ((2 * reuse * width ** 2) / seconds / 1e12).toPrecision(2),
  });
}

export function denseBenchmarks({ software }: Gpu): Benchmark[] {
  const sizes: Size[] = software
    ? [{ width: 64, reuse: 16, depth: 2 }]
    : [
        { width: 512, reuse: 1024, depth: 20 },
        { width: 512, reuse: 64, depth: 20 },
      ];
  return sizes.flatMap((size) => {
    const networks = software ? 4 : 16;
    return ['webgpu', 'simd'].map((backend) => ({
      name: `dense on ${backend}, N = ${size.width}, ${size.reuse} perturbations a network`,
      run: () => layers(backend, size, networks),
    }));
  });
}
