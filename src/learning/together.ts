import type { Activation } from '../network/activation.ts';
import { activation } from '../network/activation.ts';
import type { LearningCell } from './cells.ts';
import type { LearningValues } from './parameters.ts';
import { networkWidths } from './random-draws.ts';
import { signalsKept } from './tensor-derivative.ts';

/** Most networks that calls are for: more make no product faster. */
const MOST = 256;

/** What memory is reckoned with before images are read: MNIST's. */
const [pixels, classes] = [784, 10];

/**
 * Bytes of a card that a network in training takes: its weights, the signals of a batch, and for a moment the old weights, the new ones and the
 * gradient of its largest layer.
 */
export function networkBytes(phi: Activation, widths: readonly number[], batch: number): number {
  // Products on cards are made of tiles.
  const sizes = widths.map((width) => 32 * Math.ceil(width / 32));
  const matrices = sizes.slice(1).map((outWidth, l) => outWidth * (sizes[l]! + 1));
  const weights = matrices.reduce((sum, size) => sum + size, 0);
  const signals = batch * sizes.reduce((sum, width) => sum + width, 0);
  return 4 * (weights + signalsKept(phi) * signals + 3 * Math.max(...matrices));
}

/** Networks that a thread trains in step. Only on a card does it pay, and only there, on webgpu, do bits not depend on it for certain. */
export function trainedTogether(
  { together, backend, cardMemory }: LearningValues,
  cells: readonly LearningCell[],
): number {
  if (backend === 'simd') return 1;
  if (together !== null) return together;
  if (backend !== 'webgpu') return 1;
  const largest = Math.max(
    ...cells.map(({ ensemble, plan }) =>
      networkBytes(activation(ensemble.activation), networkWidths(ensemble, pixels, classes), plan.batch),
    ),
  );
  return Math.min(MOST, Math.max(1, Math.floor((1e9 * cardMemory) / largest)));
}
