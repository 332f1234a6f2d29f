/// <reference types="@webgpu/types" />

import { type Gpu, mapped } from './device.ts';

/** Bytes of what a dispatch counts: entries taken, entries that go on, layers in all, and the most layers of an entry, a word each. */
export const COUNTERS = 16;
const zeros = new Uint32Array(COUNTERS / 4);

/** What a dispatch has counted, and the seconds that it took. */
export interface Counted {
  readonly alive: number;
  readonly work: number;
  readonly longest: number;
  readonly seconds: number;
}

/**
 * Does what is encoded, with counters from zero on.
 * @param buffers the counters, and where they are read
 * @throws as `mapped` (as a rejection)
 */
export async function counted(
  gpu: Gpu,
  { counters, seen }: Readonly<Record<'counters' | 'seen', GPUBuffer>>,
  encode: (encoder: GPUCommandEncoder) => void,
): Promise<Counted> {
  const { device } = gpu;
  device.queue.writeBuffer(counters, 0, zeros);
  const encoder = device.createCommandEncoder();
  encode(encoder);
  encoder.copyBufferToBuffer(counters, 0, seen, 0, COUNTERS);
  const start = performance.now();
  device.queue.submit([encoder.finish()]);
  const found = await mapped(gpu, seen, COUNTERS, (bytes) => new Uint32Array(bytes.slice(0)));
  const [, alive = 0, work = 0, longest = 0] = found;
  return { alive, work, longest, seconds: (performance.now() - start) / 1e3 };
}
