/// <reference types="@webgpu/types" />
import { env } from 'node:process';
import { BackendError, firstLine } from '../error.ts';
import { adapterName } from './adapter-name.ts';
import { DeviceLoss, NoAdapter, NoAnswer } from './failure.ts';
import { WITHOUT_SUBGROUPS } from './found-lanes.ts';
import { missingForAdapter } from './missing-adapter.ts';
import type { Pace } from './pace.ts';
import { watchBuffers } from './patience.ts';
import { paceFor, pacePolls } from './polls.ts';
import { LANES } from './team.wgsl.ts';

/** A graphics card, or a program that stands in for one, opened for computing. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** GPUBufferUsage and its like by name, which are no globals in Node. */
  readonly constants: Readonly<Record<string, unknown>>;
  /** Model and driver as the adapter says them. */
  readonly adapter: string;
  /** True where the adapter is a program on the processor (SwiftShader, WARP, llvmpipe). */
  readonly software: boolean;
  /** How a layer is summed, in words; with the adapter, all that the bits of a run depend on. Known once the adapter is `trusted`. */
  lanes: string;
  /** Fewest lanes a subgroup has, 1 where the adapter has no subgroups, or none that add up right. */
  subgroup: number;
  /** What it has compiled, by source. */
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>;
  /** Seconds that a neuron and layer take at most, where nothing is measured yet: dispatches are cut by it. */
  readonly slowest: number;
  /** How fast it was so far, by kernel and width. */
  readonly paces: Map<string, Pace>;
  /** Why the device was lost, once it is. */
  lost: string | undefined;
  /** What it couldn't do: out of memory, mostly. */
  failure: string | undefined;
}

/** The card has no room for what was asked; less of it may do. */
export class OutOfMemory extends BackendError {}

/** @throws DeviceLoss, or BackendError for what the device refused */
export function checkGpu({ lost, failure, adapter }: Gpu): void {
  if (lost !== undefined) throw new DeviceLoss(`the device of backend webgpu, ${adapter}, was lost: ${lost}`);
  if (failure !== undefined) throw new BackendError(`backend webgpu on ${adapter} failed: ${failure}`);
}

interface Module {
  create(options: string[]): GPU;
  readonly globals: Record<string, unknown>;
}

const install = 'install it with `npm install webgpu` (Dawn, 132 MB)';

async function load(): Promise<Module> {
  const name = 'webgpu';
  try {
    return (await import(name)) as Module;
  } catch (error) {
    const code = (error as { code?: string }).code;
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    const why = missing
      ? 'needs the package webgpu, which is not installed'
      : `can't load the package webgpu (${firstLine(error)})`;
    throw new NoAdapter(`backend webgpu ${why}; ${install}`);
  }
}

/** Bits of GPUBufferUsage and GPUMapMode, which are no globals in Node. */
export const usage = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 } as const;

/** Whether an adapter is a program on the processor. */
const standsIn = (info: GPUAdapterInfo): boolean =>
  info.isFallbackAdapter ||
  /swiftshader|llvmpipe|lavapipe|warp|basic.render/i.test(`${info.architecture} ${info.description} ${info.device}`);

const withoutSubgroups = new Set<string>();

/** From now on this thread uses no subgroups of this adapter, neither on this device nor on ones opened later. */
export function shunSubgroups(gpu: Gpu): void {
  withoutSubgroups.add(gpu.adapter);
  Object.assign(gpu, { subgroup: 1, lanes: lanesOf(gpu.software, 1) });
}

const lanesOf = (software: boolean, subgroup: number): string => {
  if (software) return 'invocations';
  if (subgroup === 1) return WITHOUT_SUBGROUPS;
  return subgroup >= LANES ? 'subgroups' : 'workgroups';
};

/** Dawn's instance is kept: its adapters and devices use it after it was garbage-collected, which ends the process. */
let instance: GPU | undefined;
let constants: Readonly<Record<string, unknown>> = {};

async function open(): Promise<Gpu> {
  const wanted = env.CRACKLE_ADAPTER || undefined;
  if (instance === undefined) {
    const module = await load();
    pacePolls();
    instance = module.create(wanted === undefined ? [] : [`adapter=${wanted}`]);
    constants = module.globals;
  }
  const gpu = instance;
  let list = '';
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch((error: unknown) => {
    // "Available adapters:", one a line, where none has the name.
    list = [...String(error).matchAll(/name: '([^']*)'/g)].map(([, name]) => name).join(', ');
    return null;
  });
  if (adapter === null && list !== '') {
    throw new NoAdapter(`backend webgpu finds no adapter '${wanted}' (CRACKLE_ADAPTER); there are: ${list}`);
  }
  if (adapter === null) {
    throw new NoAdapter(`backend webgpu finds no adapter; ${missingForAdapter()}`);
  }
  const { info, limits } = adapter;
  const name = adapterName(info);
  const software = standsIn(info);
  paceFor(software);
  const subgroups = adapter.features.has('subgroups' as string as GPUFeatureName) && !withoutSubgroups.has(name);
  const device = await adapter
    .requestDevice({
      // The types of TensorFlow.js bring an older list of features.
      requiredFeatures: (subgroups ? ['subgroups'] : []) as string[] as GPUFeatureName[],
      requiredLimits: {
        maxBufferSize: limits.maxBufferSize,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
        maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
        maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      },
    })
    .catch((error: unknown) => {
      throw new BackendError(`the driver of ${name} opens no device for backend webgpu: ${firstLine(error)}`);
    });
  // Metal promises no size; all of Apple's own chips have 32 lanes, which the self-test sees.
  const fewest = info.vendor === 'apple' ? LANES : (info.subgroupMinSize ?? 1);
  const subgroup = subgroups ? Math.max(1, fewest) : 1;
  const opened: Gpu = {
    device,
    info,
    constants,
    adapter: name,
    software,
    lanes: lanesOf(software, subgroup),
    subgroup,
    pipelines: new Map(),
    slowest: software ? 2e-7 : 1e-9,
    paces: new Map(),
    lost: undefined,
    failure: undefined,
  };
  device.addEventListener('uncapturederror', (event) => {
    const { error } = event;
    // Dawn would print it, with places in its sources.
    event.preventDefault();
    const memory = error.constructor.name === 'GPUOutOfMemoryError' ? 'it has no memory left: ' : '';
    opened.failure ??= `${memory}${firstLine(error)}`;
  });
  void device.lost.then(({ message }) => {
    opened.lost ??= firstLine(message);
  });
  watchBuffers(opened);
  return opened;
}

let current: Promise<Gpu> | undefined;

/**
 * This thread's graphics card: opened once, and anew after it was lost. The environment variable CRACKLE_ADAPTER names one, or a part of its name, where
 * there are several; else the driver's first of high performance is taken.
 * @throws BackendError (as a rejection) where the package, a driver or an adapter is missing
 */
export async function openGpu(): Promise<Gpu> {
  for (;;) {
    const last = current;
    const opened = await last?.catch(() => undefined);
    if (opened !== undefined && opened.lost === undefined && opened.failure === undefined) return opened;
    // Somebody else may have opened one meanwhile.
    if (last !== current) continue;
    current = open();
    return current;
  }
}

/**
 * A pipeline from the source of its module, whose entry is `follow`; compiled once a device. Drivers take up to minutes for the first time.
 * @throws DeviceLoss (as a rejection), or BackendError for what the driver doesn't compile
 */
export function compiled(gpu: Gpu, code: string): Promise<GPUComputePipeline> {
  const { device, pipelines, adapter } = gpu;
  let pipeline = pipelines.get(code);
  if (pipeline === undefined) {
    const module = device.createShaderModule({ code });
    pipeline = device
      .createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'follow' } })
      .catch((error: unknown) => {
        if (gpu.lost !== undefined) checkGpu(gpu);
        throw new BackendError(
          `the driver of ${adapter} can't compile a kernel of backend webgpu: ${firstLine(error)}`,
        );
      });
    pipelines.set(code, pipeline);
  }
  return pipeline;
}

/** GPUMapMode.READ, which is no global in Node. */
const MAP_READ = 1;

/**
 * Reads the first bytes of a buffer.
 * @param use what is made of them, before it returns: the memory is the card's
 * @throws DeviceLoss (as a rejection) where they can't be read, or BackendError for what the device refused
 */
export async function mapped<T>(
  gpu: Gpu,
  buffer: GPUBuffer,
  bytes: number,
  use: (bytes: ArrayBuffer) => T,
): Promise<T> {
  await buffer.mapAsync(MAP_READ, 0, bytes).catch((error: unknown) => {
    // Another device would have it no sooner.
    if (error instanceof NoAnswer) throw error;
    checkGpu(gpu);
    throw new DeviceLoss(`backend webgpu can't read from ${gpu.adapter}: ${String(error)}`);
  });
  checkGpu(gpu);
  const result = use(buffer.getMappedRange(0, bytes));
  buffer.unmap();
  return result;
}

/**
 * Takes memory of a card.
 * @throws OutOfMemory (as a rejection) where there isn't enough; nothing is kept then
 */
export async function allocated<T extends Record<string, GPUBuffer>>(gpu: Gpu, make: () => T): Promise<T> {
  gpu.device.pushErrorScope('out-of-memory');
  const made = make();
  const error = await gpu.device.popErrorScope().catch(() => null);
  checkGpu(gpu);
  if (error === null) return made;
  for (const buffer of Object.values(made)) buffer.destroy();
  throw new OutOfMemory(`backend webgpu on ${gpu.adapter} has no memory left: ${firstLine(error)}`);
}
