import type { RandomStream } from './random.ts';

/** Uniform on (0, 1) with 52 bits, so that heavy tails reach as far as they should. */
export function fineUniform(stream: RandomStream): number {
  return (stream.nextUint32() * 2 ** 20 + (stream.nextUint32() >>> 12) + 0.5) / 2 ** 52;
}
