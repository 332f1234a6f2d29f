import type { QuenchedLaw } from '../gpu/quenched-parameters.ts';
import { annealedLaw } from './annealed-law.ts';
import type { EngineOptions } from './engine.ts';

/** What engine quenched has to know on a card. */
export function quenchedLaw(options: EngineOptions): QuenchedLaw {
  const { ensemble } = options;
  return { ...annealedLaw({ ...options, ensemble: { ...ensemble, reuse: 1 } }), reuse: ensemble.reuse };
}

/** Ids of a batch by the networks that they share. */
export interface Share {
  readonly network: number;
  readonly from: number;
  readonly to: number;
}

export function shares(ids: Float64Array, reuse: number): Share[] {
  const found: Share[] = [];
  for (let from = 0; from < ids.length; ) {
    const network = Math.floor(ids[from]! / reuse);
    let to = from + 1;
    while (to < ids.length && ids[to]! < (network + 1) * reuse) to++;
    found.push({ network, from, to });
    from = to;
  }
  return found;
}
