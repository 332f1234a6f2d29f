import { expect, it } from 'vitest';
import { didYouMean } from '../src/error.ts';

it.each([
  ['phase-digram', "; did you mean 'phase-diagram'?"],
  ['avalanhce', "; did you mean 'avalanche'?"],
  ['gaussian', "; did you mean 'gaussian-avalanches'?"],
  ['fti', "; did you mean 'fit'?"],
  ['spectrum', "; did you mean 'spectrum'?"],
  ['nothing', ''],
  ['x', ''],
])('didYouMean(%s)', (name, text) =>
  expect(didYouMean(name, ['phase-diagram', 'avalanche', 'gaussian-avalanches', 'fit', 'spectrum'])).toBe(text),
);
