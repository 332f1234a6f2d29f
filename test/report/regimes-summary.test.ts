import { expect, it } from 'vitest';
import { regimesSummary } from '../../src/report/regimes-summary.ts';

it.each([
  [0.09, 0.001, 'falls to 0.9 of the input', 'falls'],
  [0.092, 0.005, "keeps the input's strength within two errors", 'keeps'],
  [0.105, 0.003, "keeps the input's strength within two errors", 'keeps'],
  [0.105, 0.02, 'may fall, keep its strength or grow', 'is left open'],
  [0.2, 0.02, 'grows to 2 times the input', 'grows'],
  [0.108, 0.003, 'grows to 1.1 times the input', 'grows'],
  [0, 0, 'dies out', 'dies out'],
  [Infinity, null, 'overflows', 'overflows'],
  [0.1004, 0.0001, 'grows to 1.004 times the input', 'grows'],
  [0.0998, 0.00005, 'falls to 0.998 of the input', 'falls'],
  [0.105, null, 'may fall, keep its strength or grow', 'is left open'],
  [0.2, null, 'grows to 2 times the input', 'grows'],
] as const)('a signal of 0.1 that comes to %d, with an error of %d, %s', (strength, error, words, verdict) => {
  const row = { ensemble: 0, width: 256, weight_variance: 1, bias_variance: 0, perturbation: null };
  const regime = [
    { ...row, series: 'mean', layer: 0, strength: 0.1, strength_error: 0.0001 },
    { ...row, series: 'mean', layer: 200, strength, strength_error: error },
    { ...row, series: 'recursion', layer: 200, strength: 0.09, strength_error: null },
  ];
  const { findings = [] } = regimesSummary({ regime });
  expect(findings[0]!.sentence).toContain(`the signal ${words} over 200 layers: `);
  expect(findings[0]!.verdict).toBe(verdict);
});
