/// <reference types="@webgpu/types" />
import { BackendError } from '../error.ts';
import type { AnnealedLaw } from '../kernel/annealed.ts';
import { AnnealedGpu } from './annealed.ts';
import type { Gpu } from './device.ts';

const width = 512;
const layers = 16;

const setup: AnnealedLaw = {
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

async function strengths(
  gpu: Gpu,
  perturbations: number,
  floor: number | null,
): Promise<{ rows: Float32Array; seconds: number }> {
  const kernel = await new AnnealedGpu(
    gpu,
    { ...setup, floor },
    { output: 'rows', slots: perturbations, rows: perturbations * layers },
  ).start();
  try {
    for (let slot = 0; slot < perturbations; slot++) kernel.enter(slot, slot, slot, 1);
    const start = performance.now();
    await kernel.round(perturbations, layers);
    const seconds = (performance.now() - start) / 1e3;
    return { rows: await kernel.rows(perturbations, layers), seconds };
  } finally {
    kernel.close();
  }
}

/**
 * @throws BackendError where lanes of subgroups or workgroups don't add as a single invocation does: the adapter numbers them in its own
 * way, or they lose each other once their neighbours have ended, as half of all do after a layer or two here
 */
async function compareLanes(gpu: Gpu): Promise<void> {
  const floor = setup.inputStrength;
  const alone = await strengths({ ...gpu, software: true }, 64, floor);
  const shared = await strengths(gpu, 64, floor);
  for (let slot = 0; slot < 64; slot++) {
    for (let at = slot * layers; at < (slot + 1) * layers; at++) {
      const [a, b] = [alone.rows[at]!, shared.rows[at]!];
      if (!(Math.abs(a / b - 1) < 1e-4)) {
        throw new BackendError(
          `backend webgpu computes wrongly on ${gpu.adapter}: a strength of ${b} in place of ${a}`,
        );
      }
      // As far as both go, whatever the last digits are.
      if (a < floor * (1 + 1e-4)) break;
    }
  }
}

/** A card that takes longer than this for a thousandth of a second's work never ends it. */
const patience = 20;

/**
 * What an adapter computes, if it does so in time; its device is given up where it doesn't.
 * @throws BackendError (as a rejection) where there is no answer
 */
export async function inTime<T>(
  gpu: Pick<Gpu, 'adapter' | 'device'>,
  work: Promise<T>,
  seconds: number = patience,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new BackendError(`backend webgpu has no answer from ${gpu.adapter} within ${seconds} s`));
      gpu.device.destroy();
    }, 1000 * seconds);
  });
  work.catch(() => {}); // it fails too once the device is gone
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const compared = new WeakMap<GPUDevice, Promise<void>>();

/**
 * An adapter whose sums are right: found out once a device, in some tenths of a second. One that adds in a single invocation anyway is right.
 * @throws BackendError (as a rejection) where they aren't
 */
export async function trusted(gpu: Gpu): Promise<Gpu> {
  if (gpu.software) return gpu;
  let comparison = compared.get(gpu.device);
  if (comparison === undefined) {
    comparison = inTime(gpu, compareLanes(gpu));
    compared.set(gpu.device, comparison);
  }
  await comparison;
  return gpu;
}

/**
 * How fast the annealed chain is, after a look at whether it is right.
 * @returns seconds a neuron and layer
 * @throws BackendError where it isn't
 */
export async function selfTest(gpu: Gpu): Promise<number> {
  await inTime(gpu, compareLanes(gpu));
  const perturbations = gpu.software ? 256 : 262_144;
  if (!gpu.software) await strengths(gpu, perturbations, null);
  const { seconds } = await strengths(gpu, perturbations, null);
  // The first layer takes three passes.
  return seconds / (perturbations * width * (layers + 2));
}
