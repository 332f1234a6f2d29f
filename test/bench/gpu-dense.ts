import type { Gpu } from '../../src/gpu/device.ts';
import { dense } from '../../src/propagation/dense.ts';
import { type Benchmark, type Timing, tabled } from './benchmark.ts';
import { type DenseSize, layerSeconds } from './dense-layers.ts';

/** Engine dense on a card beside the SIMD kernels: weights are drawn by the processor, layer by layer. */

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

export function denseBenchmarks({ software }: Gpu): Benchmark[] {
  const sizes: DenseSize[] = software
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
