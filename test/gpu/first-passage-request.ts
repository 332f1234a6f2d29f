import type { Ensemble } from '../../src/network/ensemble.ts';
import { noGrowth } from '../../src/numeric/growth.ts';
import type { FirstPassage } from '../../src/shortcut.ts';

/** Avalanches over the drive, without profiles. */
export const firstPassage = ({ inputStrength, width }: Ensemble): FirstPassage => ({
  threshold: Math.fround(inputStrength),
  leavesOut: false,
  points: 0,
  excessProfile: true,
  scale: width,
  drive: inputStrength,
  sums: {
    tally: { valid: 0, dead: 0, censored: 0, nonFinite: 0 },
    branching: { ancestors: 0, descendants: 0 },
    growth: noGrowth(),
  },
});
