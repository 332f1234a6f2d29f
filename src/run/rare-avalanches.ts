import type { Lane } from '../flow/schedule.ts';
import type { RunOptions } from './options.ts';

/** Share of valid avalanches below which a run that waits for them warns: far from criticality it may never end. */
const rareShare = 0.02;

/** Warns once, where avalanches that a run waits for are so rare that it may take very long. */
export function rareAvalanches(logger: RunOptions['logger']): (lane: Lane, l: number) => void {
  let warned = false;
  return ({ stop, counts: { perturbations, valid, censored } }, l) => {
    if (warned || stop.valid === undefined || perturbations < 5000 || valid > rareShare * perturbations) return;
    warned = true;
    logger?.warn(
      `ensemble ${l}: ${valid} of ${perturbations} perturbations gave a valid avalanche, ${censored} outlasted the network: ${stop.valid} of them may take very long`,
    );
  };
}
