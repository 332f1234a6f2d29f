import type { ScalingOf } from '../fit/scaling-fit.ts';

/** What figures need to know of how γ was fitted, beside the tables. */
export interface GammaFit {
  /** What was fitted against ln D. Default: ln⟨S⟩ (`ln-mean`). */
  readonly scalingOf?: ScalingOf;
}

const words = {
  'ln-mean': { long: 'mean sizes', of: 'mean sizes', one: 'mean size', symbol: '⟨S⟩' },
  'mean-ln': { long: 'mean logarithms of sizes', of: 'mean ln sizes', one: 'mean ln size', symbol: 'exp⟨ln S⟩' },
} as const;

/** What γ of durations is fitted to: in words, as labels, and as a symbol. */
export const gammaWords = ({ scalingOf = 'ln-mean' }: GammaFit = {}): (typeof words)[ScalingOf] => words[scalingOf];
