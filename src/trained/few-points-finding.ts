import type { Finding } from '../report/finding.ts';

/** Data points from which on errors over them are as large as exponents scatter. */
const enough = 8;

/** What errors of networks around few data points leave out; nothing where points are enough. @param used data points that perturbations go around */
export function fewPointsFindings(used: number): Finding[] {
  if (used >= enough) return [];
  const sentence =
    used === 1
      ? 'All perturbations go around one data point: errors are over perturbations, and know nothing of other points.'
      : `Errors are over ${used} data points, and may be too small: around three, exponents of twenty seeds scatter by 1.5 of them.`;
  return [{ sentence, quantities: [{ quantity: 'data_points', value: used }], verdict: 'read with care' }];
}
