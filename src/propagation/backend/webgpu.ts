import { BackendError } from '../../error.ts';
import { checkGpu, openGpu } from '../../gpu/device.ts';
import { vendorModule } from '../../vendor/file.ts';
import type { Tensors } from './choose.ts';
import type { TensorFlow } from './tensorflow.ts';
import { curvedOnWebGpu } from './webgpu-activation.ts';
import { drawnOnWebGpu } from './webgpu-matrices.ts';

type Engine = ReturnType<Parameters<TensorFlow['registerBackend']>[1]> & {
  /** Keeps every buffer that was let go, by its size, for the next tensor of that size. */
  readonly bufferManager: {
    readonly freeBuffers: Map<string, GPUBuffer[]>;
    numFreeBuffers: number;
    numBytesAllocated: number;
  };
};

interface WithWebGpu {
  readonly WebGPUBackend: new (device: GPUDevice, adapter: GPUAdapterInfo) => Engine;
}

let started: { readonly device: GPUDevice; readonly engine: Engine } | undefined;

function trim({ bufferManager: kept }: Engine): void {
  for (const buffers of kept.freeBuffers.values()) {
    for (const buffer of buffers.splice(0)) {
      kept.numFreeBuffers--;
      kept.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
  }
}

/** It refuses to be made where there is no `navigator.gpu`, of which it then makes no use. */
function asInBrowser<T>(make: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: true }, configurable: true });
  try {
    return make();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator');
    else Object.defineProperty(globalThis, 'navigator', before);
  }
}

/**
 * TensorFlow.js on a graphics card by WebGPU, on the device that the rest of this thread uses.
 * @throws BackendError where package, driver or adapter is missing, or the backend doesn't start
 */
export async function webGpuTensors(): Promise<Tensors> {
  const gpu = await openGpu();
  const { device, info, constants } = gpu;
  const tf = vendorModule('tensorflow') as TensorFlow & WithWebGpu;
  tf.enableProdMode();
  if (started?.device !== device) {
    // It reads GPUBufferUsage and its like from the global object, as browsers have them.
    for (const [name, value] of Object.entries(constants)) {
      if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu');
    const engine = asInBrowser(() => new tf.WebGPUBackend(device, info));
    tf.registerBackend('webgpu', () => engine);
    started = { device, engine };
  }
  if (!(await tf.setBackend('webgpu'))) throw new BackendError("backend webgpu of TensorFlow.js doesn't start");
  const { engine } = started;
  return {
    tf,
    engine: 'webgpu',
    largest: Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize),
    draw: drawnOnWebGpu(tf),
    curved: curvedOnWebGpu(tf),
    check: () => checkGpu(gpu),
    trim: () => trim(engine),
  };
}
