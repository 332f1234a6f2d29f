export { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
export * from '@tensorflow/tfjs-core';

import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
