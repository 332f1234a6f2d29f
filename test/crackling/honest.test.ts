import { expect, test } from 'vitest';
import { honestRow } from '../bench/honest/rows.ts';
import { paretoColumn } from '../bench/honest/samples.ts';

// 30 seeds: scatter by quoted error is known to about 13 %, and lies outside 0.6 … 1.6 with probability below 1e-3 for another seed. The whole
// campaign, with networks and branching, is npm run honest.
test.each(['given', 'widest', 'smallest-ks'])(
  'errors hold the scatter over seeds, windows and all: rule %s',
  (rule) => {
    const runs = Array.from({ length: 30 }, (_, i) => paretoColumn(i + 1, 6000, [rule])[rule]!.exponent!);
    const { ratio, covered } = honestRow('pareto', rule, 'exponent', runs);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
    expect(covered).toBeGreaterThan(0.85);
  },
  60_000,
);
