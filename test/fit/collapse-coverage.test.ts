import { expect, test } from 'vitest';
import { collapseGamma } from '../../src/fit/collapse-fit.ts';
import { createStream } from '../../src/numeric/random.ts';
import { blocks } from '../../src/reduce/blocks.ts';
import { collapse } from '../../src/reduce/collapse.ts';
import { honestRow } from '../bench/honest/rows.ts';
import { avalancheBatch } from '../reduce/batches.ts';
import { halfSampleErrors } from './half-sample-errors.ts';

const [grid, count, each] = [10, 16, 24];
const gamma = 1.8;

/** Durations ~ D^−2 from 20 to 1000, profiles D^(γ−1)·4x(1 − x) of random height and lean. */
function sample(seed: number) {
  const reducer = blocks(collapse({ grid }), count);
  let state = reducer.init(0);
  for (let block = 0; block < count; block++) {
    const stream = createStream(seed, 0x636f6c, block);
    const rows = Array.from({ length: each }, () => {
      const duration = Math.floor(20 / (1 - 0.98 * stream.uniform()));
      const [height, lean] = [stream.gamma(4) / 4, stream.uniform() - 0.5];
      const profile = Array.from({ length: grid }, (_, g) => {
        const x = (g + 0.5) / grid;
        return height * duration ** (gamma - 1) * 4 * x * (1 - x) * (1 + lean * (2 * x - 1));
      });
      return { duration, size: 1, censored: false, profile };
    });
    state = reducer.merge(state, reducer.step(reducer.init(block), avalancheBatch(rows)));
  }
  return reducer.finish(state);
}

// Forty samples: scatter by quoted error is known to 0.12, so that 0.65 to 1.45 is left with probability 2e-3 for other seeds, and their mean lies
// more than 0.5 of an error from γ with probability 2e-3.
test('errors of a collapse hold its scatter where the long durations are rare, and all of the range takes part', () => {
  const range = { least: 20, ratio: 1.25, from: 1, to: 2.6, step: 0.02 };
  const runs = Array.from({ length: 40 }, (_, seed) => {
    const { all, halves, blocks: n } = sample(seed);
    const { estimate, standardError } = halfSampleErrors(all, halves, n, {
      find: () => undefined,
      estimate: (part) => ({ gamma: collapseGamma(part, { ...range, leastCount: part === all ? 50 : 25 }) }),
    });
    return { estimate: estimate.gamma, error: standardError.gamma };
  });
  const { seeds, ratio, mean, quoted } = honestRow('synthetic', 'given', 'gamma', runs);
  expect(seeds).toBe(40);
  expect(ratio).toBeGreaterThan(0.65);
  expect(ratio).toBeLessThan(1.45);
  expect(Math.abs(mean - gamma)).toBeLessThan(0.5 * quoted);
  expect(quoted).toBeLessThan(0.05);
});
