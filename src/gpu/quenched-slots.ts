import { STATE_WORDS } from './annealed.wgsl.ts';

/** Most perturbations that share a network on a card: what workgroups have memory for everywhere. */
export const MOST_SHARING = 256;

/** Words of a network's slot in each buffer. */
export interface SlotSizes {
  readonly states: number;
  readonly factors: number;
  readonly grams: number;
  readonly lower: number;
}

/** Lanes that share a network: they depend on how many perturbations do, and on nothing of the card. */
export const lanesOf = (reuse: number): number => (reuse <= 32 ? 32 : 64);

export function slotSizes(reuse: number): SlotSizes {
  const blocks = Math.ceil(reuse / 4);
  return {
    states: 4 + 5 * reuse,
    factors: 4 * (blocks * 4 * blocks + 2 * blocks),
    grams: 16 * Math.max(lanesOf(reuse), (blocks * (blocks + 1)) / 2),
    lower: 16 * blocks * blocks,
  };
}

/** Words of a network's avalanches: a state as engine annealed has it for every perturbation, and how many go on. */
export const recordWords = (reuse: number): number => STATE_WORDS * reuse + 1;
