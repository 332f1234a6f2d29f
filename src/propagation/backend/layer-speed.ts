import { matrixArena } from '../../kernel/matrix.ts';
import { activation } from '../../network/activation.ts';
import type { Backend } from './layers.ts';

/** Speed of a layer, 128 rows of width 512: the best of a few tries, in GFLOP/s. */
export async function layerSpeed(backend: Backend): Promise<number> {
  const [rows, width, layers] = [128, 512, backend.name === 'cpu' ? 1 : 8];
  const options = {
    activation: activation('tanh'),
    observable: 'pre-activation',
    largestRows: rows,
    largestWidth: width,
  } as const;
  const arena = matrixArena([width * width, rows * width, ...backend.room(options)]);
  const [weights, h] = [arena.array(width * width), arena.array(rows * width)];
  weights.fill(1 / width);
  h.fill(1);
  const group = backend.layers(options, arena);
  let best = Infinity;
  for (let i = 0; i < 4; i++) {
    group.start(h, 1, rows, width);
    const start = performance.now();
    for (let l = 0; l < layers; l++) group.layer(weights, undefined, width);
    await group.strengths();
    best = Math.min(best, performance.now() - start);
  }
  group.close();
  return (2 * rows * width * width * layers) / best / 1e6;
}
