import { BackendError } from '../error.ts';
import type { Gpu } from './device.ts';
import { inTime } from './patience.ts';
import { QuenchedGpu } from './quenched.ts';
import type { QuenchedLaw } from './quenched-parameters.ts';

const NETWORKS = 8;
const reuse = 4;
const depth = 6;
const ROWS = NETWORKS * reuse * depth;

const law: QuenchedLaw = {
  activation: { name: 'tanh', phi: Math.tanh, evenSquare: true },
  width: 64,
  depth,
  weightVariance: 1.5,
  biasVariance: 0.1,
  inputStrength: 0.1,
  postActivation: false,
  floor: null,
  seed: 1,
  ensemble: 0,
  reuse,
};

/** Mean strength of these perturbations over all layers, by the recursion of Gram matrices in float64 from the same random numbers. */
const MEAN = 0.593599;

/**
 * Holds networks that perturbations share against what they are by their random numbers.
 * @throws BackendError (as a rejection) where they are others, or don't come
 */
export async function testNetworks(gpu: Gpu): Promise<void> {
  const plan = { output: 'rows', rows: ROWS } as const;
  const kernel = await inTime(gpu, 'compile', () => new QuenchedGpu(gpu, law, NETWORKS, plan).start());
  for (let at = 0; at < NETWORKS; at++) kernel.enter(at, at, at, true, reuse, at * reuse * depth);
  // What some drivers leave to the first dispatch is compiled in it.
  const strengths = await inTime(gpu, 'compile', () => kernel.rows(NETWORKS, depth, ROWS));
  kernel.close();
  const mean = strengths.reduce((sum, strength) => sum + strength, 0) / ROWS;
  if (Math.abs(mean / MEAN - 1) < 1e-3) return;
  throw new BackendError(
    `backend webgpu computes wrongly on ${gpu.adapter}: networks of a mean strength of ${mean} in place of ${MEAN}`,
  );
}
