import { BackendError } from '../../error.ts';
import { openGpu } from '../../gpu/device.ts';
import { vendorModule } from '../../vendor/file.ts';
import type { TensorFlow } from './tensorflow.ts';

interface WithWebGpu {
  readonly WebGPUBackend: new (
    device: GPUDevice,
    adapter: GPUAdapterInfo,
  ) => ReturnType<Parameters<TensorFlow['registerBackend']>[1]>;
}

let started: GPUDevice | undefined;

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
export async function webGpuTensorFlow(): Promise<TensorFlow> {
  const { device, info, constants } = await openGpu();
  const tf = vendorModule('tensorflow') as TensorFlow & WithWebGpu;
  tf.enableProdMode();
  if (started !== device) {
    // It reads GPUBufferUsage and its like from the global object, as browsers have them.
    for (const [name, value] of Object.entries(constants)) {
      if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu');
    const backend = asInBrowser(() => new tf.WebGPUBackend(device, info));
    tf.registerBackend('webgpu', () => backend);
    started = device;
  }
  if (!(await tf.setBackend('webgpu'))) throw new BackendError("backend webgpu of TensorFlow.js doesn't start");
  return tf;
}
