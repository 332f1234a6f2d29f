import { BackendError } from '../error.ts';
import { AnnealedGpu, type GpuSetup } from './annealed.ts';
import type { Gpu } from './device.ts';

const width = 512;
const layers = 16;

const setup: GpuSetup = {
  activation: { name: 'tanh', phi: Math.tanh, evenSquare: true },
  width,
  depth: layers,
  weightVariance: 1,
  biasVariance: 0,
  inputStrength: 0.1,
  postActivation: false,
  floor: null,
  seed: 1,
  ensemble: 0,
};

async function strengths(gpu: Gpu, perturbations: number): Promise<{ rows: Float32Array; seconds: number }> {
  const kernel = await new AnnealedGpu(gpu, setup, { output: 'rows', slots: perturbations, layers }).start();
  try {
    for (let slot = 0; slot < perturbations; slot++) kernel.enter(slot, slot, slot, 1);
    const start = performance.now();
    await kernel.round(perturbations, layers);
    const rows = new Float32Array(await kernel.read('strengths', perturbations));
    return { rows, seconds: (performance.now() - start) / 1e3 };
  } finally {
    kernel.close();
  }
}

/**
 * Whether lanes of subgroups or workgroups add as a single invocation does, to float32 rounding, and how fast the annealed chain is.
 * @returns seconds a neuron and layer
 * @throws BackendError where they don't: the adapter numbers its lanes in a way of its own
 */
export async function selfTest(gpu: Gpu): Promise<number> {
  const [alone, shared] = [await strengths({ ...gpu, software: true }, 16), await strengths(gpu, 16)];
  const far = alone.rows.findIndex((s, i) => !(Math.abs(s / shared.rows[i]! - 1) < 1e-4));
  if (far >= 0) {
    const [a, b] = [alone.rows[far], shared.rows[far]];
    throw new BackendError(`backend webgpu computes wrongly on ${gpu.adapter}: a strength of ${b} in place of ${a}`);
  }
  const perturbations = gpu.software ? 256 : 32_768;
  if (!gpu.software) await strengths(gpu, perturbations);
  const { seconds } = await strengths(gpu, perturbations);
  // The first layer takes three passes.
  return seconds / (perturbations * width * (layers + 2));
}
