import { createDetector } from '../avalanche/detector.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { dense } from '../propagation/dense.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';
import type { SignalPlan } from './plan.ts';
import type { HiddenAvalanches } from './signal-columns.ts';

/** Hidden-to-hidden layers: all but the one that takes the images and the one that gives the outputs. */
export const hiddenDepth = (depth: number): number => depth - 2;

/**
 * Sends Gaussian perturbations through the hidden-to-hidden layers of a network (N to N, as in the random networks of
 * arXiv:2509.22649), and gathers their avalanches under the first-passage rule. Perturbations are followed to the last layer for the
 * mean strengths; each run has its own, the same at every epoch.
 */
export async function hiddenAvalanches(
  ensemble: Ensemble,
  weights: readonly LayerWeights[],
  plan: SignalPlan,
  seed: number,
  run: number,
): Promise<HiddenAvalanches> {
  const depth = hiddenDepth(ensemble.depth);
  const inputStrength = plan.inputNorm / Math.sqrt(ensemble.width);
  const hidden: Ensemble = { ...ensemble, depth, inputStrength, reuse: 1 };
  const detector = createDetector({ threshold: inputStrength, depth, scale: ensemble.width });
  const ids = new Float64Array(plan.perturbations).map((_, i) => run * plan.perturbations + i);
  const sums = new Float64Array(depth);
  const durations = new Array<number>(depth).fill(0);
  let [sumSize, sumDuration] = [0, 0];
  const collect = ({ length, duration, size, censored }: ReturnType<typeof detector.finish>): void => {
    for (let i = 0; i < length; i++) {
      if (censored[i] !== 0) continue;
      durations[duration[i]! - 1]!++;
      sumSize += size[i]!;
      sumDuration += duration[i]!;
    }
  };
  const engine = dense({ backend: 'simd', weights: weights.slice(1, -1) });
  const options = { ensemble: hidden, seed, observable: 'pre-activation', floor: null, windowRows: 65_536 } as const;
  for await (const window of engine.propagate(ids, options)) {
    for (let i = 0; i < window.length; i++) sums[window.layer[i]! - 1]! += window.strength[i]!;
    collect(detector.step(window));
  }
  collect(detector.finish());
  const { valid, dead, censored } = detector.tally;
  return {
    perturbations: ids.length,
    valid,
    dead,
    censored,
    sumSize,
    sumDuration,
    durations,
    strengths: Array.from(sums, (sum) => sum / ids.length),
  };
}
