import type { RandomStream } from './random.ts';

/** Fisher and Yates. */
export function shuffleInPlace(
  values: Float32Array | Float64Array | Uint32Array | Uint8Array,
  stream: RandomStream,
): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    const kept = values[i]!;
    values[i] = values[j]!;
    values[j] = kept;
  }
}
