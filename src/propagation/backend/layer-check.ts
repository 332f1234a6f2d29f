import { BackendError } from '../../error.ts';
import { matrixArena } from '../../kernel/matrix.ts';
import { activation } from '../../network/activation.ts';
import { RandomStream } from '../../numeric/random.ts';
import type { Backend } from './layers.ts';
import { simdBackend } from './simd-layers.ts';

const [rows, width, layers] = [24, 96, 3];
const options = {
  activation: activation('tanh'),
  observable: 'pre-activation',
  largestRows: rows,
  largestWidth: width,
} as const;

/** Strengths of some rows behind each of some layers of the same weights. */
async function strengths(backend: Backend): Promise<Float32Array> {
  const arena = matrixArena([width * width, rows * width, ...backend.room(options)]);
  const [weights, h] = [arena.array(width * width), arena.array(rows * width)];
  const stream = new RandomStream(Int32Array.of(1, 2, 3, 4));
  const group = backend.layers(options, arena);
  for (let i = 0; i < h.length; i++) h[i] = stream.uniform() - 0.5;
  group.start(h, 1, rows, width);
  for (let l = 0; l < layers; l++) {
    // Of variance 1/width.
    for (let i = 0; i < weights.length; i++) weights[i] = (stream.uniform() - 0.5) * Math.sqrt(12 / width);
    group.layer(weights, undefined, width);
  }
  const found = await group.strengths();
  group.close();
  return found;
}

/** Strengths behind a layer of weights that the backend draws, of σw² = 4: twice that of what comes in, in the mean. */
async function drawn(backend: Backend): Promise<number> {
  const arena = matrixArena([rows * width, ...backend.room(options)]);
  const h = arena.array(rows * width).fill(0.5);
  const group = backend.layers(options, arena);
  group.start(h, 1, rows, width);
  group.drawn!({ keys: Int32Array.of(1, 2, 3, 4), weight: 2 / Math.sqrt(width), bias: 0 }, 0, true);
  const [strength] = await group.strengths();
  group.close();
  return strength!;
}

/**
 * Holds a backend's layers against those of the package's own kernels.
 * @param adapter what it computes on, for messages
 * @throws BackendError (as a rejection) where they are others
 */
export async function checkLayers(backend: Backend, adapter: string): Promise<void> {
  const [right, found] = [await strengths(simdBackend), await strengths(backend)];
  const wrong = (what: string): BackendError =>
    new BackendError(`backend ${backend.name} computes wrongly on ${adapter}: ${what}`);
  right.forEach((strength, i) => {
    if (!(Math.abs(found[i]! / strength - 1) < 1e-3)) {
      throw wrong(`a layer's strength of ${found[i]} in place of ${strength}`);
    }
  });
  if (backend.draws !== true) return;
  const strength = await drawn(backend);
  // Of 96 neurons: off by more than six standard deviations.
  if (!(strength > 0.55 && strength < 1.45)) throw wrong(`weights drawn give a strength of ${strength}, not about 1`);
}
