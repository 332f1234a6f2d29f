import type { Engine } from '../../src/propagation/engine.ts';

/** Networks that are followed through their full depth. */
export interface DenseSize {
  readonly width: number;
  readonly reuse: number;
  readonly depth: number;
}

/** Seconds a layer of one network with everything alive, so that every engine does the same layers. */
export async function layerSeconds(engine: Engine, size: DenseSize, networks = 1): Promise<number> {
  const { reuse } = size;
  const ensemble = {
    ...size,
    index: 0,
    activation: 'tanh',
    weightVariance: 1.5,
    biasVariance: 0.05,
    inputStrength: 0.5,
  };
  const options = { ensemble, seed: 1, observable: 'pre-activation', floor: null, windowRows: 2 ** 16 } as const;
  const ids = Float64Array.from({ length: networks * reuse }, (_, i) => i);
  const start = performance.now();
  let rows = 0;
  for await (const window of engine.propagate(ids, options)) rows += window.length;
  return (performance.now() - start) / 1000 / (rows / reuse);
}
