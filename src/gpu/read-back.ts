/// <reference types="@webgpu/types" />

import { type Gpu, mapped } from './device.ts';

/** Words of a buffer that are wanted, and the buffer that they are read from. */
export interface Wanted {
  readonly source: GPUBuffer;
  readonly staging: GPUBuffer;
  /** First word; 0 by default. */
  readonly from?: number;
  readonly words: number;
}

/**
 * Does what is encoded, then reads words of a buffer.
 * @param use what is made of them, before it returns: the memory is the card's
 * @throws as `mapped` (as a rejection)
 */
export function readBack<T>(
  gpu: Gpu,
  encoder: GPUCommandEncoder,
  { source, staging, from = 0, words }: Wanted,
  use: (bytes: ArrayBuffer) => T,
): Promise<T> {
  encoder.copyBufferToBuffer(source, 4 * from, staging, 0, 4 * words);
  gpu.device.queue.submit([encoder.finish()]);
  return mapped(gpu, staging, 4 * words, use);
}
