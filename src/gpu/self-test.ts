/// <reference types="@webgpu/types" />
import { BackendError } from '../error.ts';
import type { AnnealedLaw } from '../kernel/annealed.ts';
import { AnnealedGpu } from './annealed.ts';
import { type Gpu, openGpu, shunSubgroups } from './device.ts';
import { DeviceLoss, NoAnswer } from './failure.ts';
import { lanesFound, WITHOUT_SUBGROUPS } from './found-lanes.ts';
import { inTime } from './patience.ts';

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

/** Perturbations that ways to add are compared by. */
const COMPARED = 64;

/** A kernel that follows so many, compiled: some drivers do so at the first dispatch only. */
async function started(gpu: Gpu, perturbations: number, floor: number | null): Promise<AnnealedGpu> {
  const plan = { output: 'rows', slots: perturbations, rows: perturbations * layers } as const;
  const kernel = await new AnnealedGpu(gpu, { ...setup, floor }, plan).start();
  await kernel.warm();
  return kernel;
}

async function strengths(kernel: AnnealedGpu, perturbations: number): Promise<{ rows: Float32Array; seconds: number }> {
  for (let slot = 0; slot < perturbations; slot++) kernel.enter(slot, slot, slot, 1);
  const start = performance.now();
  await kernel.round(perturbations, layers);
  const seconds = (performance.now() - start) / 1e3;
  return { rows: await kernel.rows(perturbations, layers), seconds };
}

const floor = setup.inputStrength;

/** Strengths to the floor, which half of all reach after a layer or two. @param way the adapter, with whoever is to add */
async function answer(gpu: Gpu, way: Gpu = gpu): Promise<Float32Array> {
  const kernel = await inTime(gpu, 'compile', () => started(way, COMPARED, floor));
  const { rows } = await inTime(gpu, 'answer', () => strengths(kernel, COMPARED));
  kernel.close();
  return rows;
}

/** Mean strength behind the first layer: the random numbers are the same on all cards. */
const FIRST = 0.099287;

/** @throws BackendError where strengths are not those of these random numbers */
function checkFirst({ adapter }: Gpu, rows: Float32Array): void {
  let mean = 0;
  for (let slot = 0; slot < COMPARED; slot++) mean += rows[slot * layers]! / COMPARED;
  if (Math.abs(mean / FIRST - 1) < 1e-3) return;
  throw new BackendError(
    `backend webgpu computes wrongly on ${adapter}: a mean strength of ${mean} in place of ${FIRST}`,
  );
}

/** @throws BackendError where strengths are not those that a single invocation adds up to */
function compare({ adapter }: Gpu, alone: Float32Array, shared: Float32Array): void {
  for (let slot = 0; slot < COMPARED; slot++) {
    for (let at = slot * layers; at < (slot + 1) * layers; at++) {
      const [a, b] = [alone[at]!, shared[at]!];
      if (!(Math.abs(a / b - 1) < 1e-4)) {
        throw new BackendError(`backend webgpu computes wrongly on ${adapter}: a strength of ${b} in place of ${a}`);
      }
      // As far as both go, whatever the last digits are.
      if (a < floor * (1 + 1e-4)) break;
    }
  }
}

/**
 * Leaves subgroups alone where they don't compile, or don't add as a single invocation does: the adapter numbers their lanes in its own way, or
 * they lose each other once their neighbours have ended.
 * @throws BackendError (as a rejection) where workgroups without subgroups don't, either
 */
async function compareLanes(gpu: Gpu): Promise<void> {
  const alone = await answer(gpu, { ...gpu, software: true });
  checkFirst(gpu, alone);
  if (gpu.software) return;
  try {
    compare(gpu, alone, await answer(gpu));
  } catch (error) {
    if (!(error instanceof BackendError) || error instanceof NoAnswer || error instanceof DeviceLoss) throw error;
    if (gpu.subgroup === 1) throw error;
    shunSubgroups(gpu);
    compare(gpu, alone, await answer(gpu));
  }
}

/**
 * An adapter whose sums are right, put to the test: in some tenths of a second once its kernels are compiled. One whose subgroups are of no use adds
 * without them.
 * @throws BackendError (as a rejection) where sums are wrong, or don't come
 */
export async function tested(gpu: Gpu): Promise<Gpu> {
  try {
    await compareLanes(gpu);
    return gpu;
  } catch (error) {
    if (!(error instanceof NoAnswer) || gpu.subgroup === 1) throw error;
  }
  // On another device, without subgroups, since there was no answer with them.
  shunSubgroups(gpu);
  return trusted(await openGpu());
}

const compared = new WeakMap<GPUDevice, Promise<Gpu>>();

/**
 * An adapter whose sums are right: as a process has found that was started to try it, else put to the test here, once a device. One that adds in a
 * single invocation is taken for right.
 * @throws BackendError (as a rejection) where sums are wrong, or don't come
 */
export async function trusted(gpu: Gpu): Promise<Gpu> {
  if (gpu.software) return gpu;
  const lanes = lanesFound(gpu.adapter);
  if (lanes === WITHOUT_SUBGROUPS && gpu.subgroup > 1) shunSubgroups(gpu);
  if (lanes === gpu.lanes) return gpu;
  const comparison = compared.get(gpu.device) ?? tested(gpu);
  compared.set(gpu.device, comparison);
  return comparison;
}

/**
 * How fast the annealed chain is on an adapter that is trusted.
 * @returns seconds a neuron and layer
 * @throws BackendError (as a rejection) where there is no answer
 */
export async function speedOf(gpu: Gpu): Promise<number> {
  const perturbations = gpu.software ? 256 : 262_144;
  const kernel = await inTime(gpu, 'compile', () => started(gpu, perturbations, null));
  try {
    const run = (): ReturnType<typeof strengths> => inTime(gpu, 'answer', () => strengths(kernel, perturbations));
    if (!gpu.software) await run();
    const { seconds } = await run();
    // The first layer takes three passes.
    return seconds / (perturbations * width * (layers + 2));
  } finally {
    kernel.close();
  }
}
