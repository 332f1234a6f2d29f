import fc from 'fast-check';
import { learningBatch } from '../../src/learning/learning-batch.ts';
import { learning } from '../../src/learning/learning-reducer.ts';
import { gaussianEnsembles, gaussianParameters } from '../../src/network/gaussian.ts';
import { checkParameters } from '../../src/parameter.ts';
import { obeysReducerLaws } from '../reduce/obeys-reducer-laws.ts';

const [ensemble] = gaussianEnsembles(checkParameters(gaussianParameters, { widths: [8] }));
const count = fc.nat({ max: 50 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const signals = fc.record({
  perturbations: count,
  valid: count,
  dead: count,
  censored: count,
  sumSize: share,
  sumDuration: count,
  durations: fc.array(count, { minLength: 3, maxLength: 3 }),
  strengths: fc.array(share, { minLength: 2, maxLength: 2 }),
});
const row = fc.record(
  { run: fc.nat({ max: 3 }), epoch: fc.nat({ max: 3 }), loss: share, accuracy: share, signals },
  { requiredKeys: ['run', 'epoch', 'loss', 'accuracy'] },
);

obeysReducerLaws(
  'learning',
  learning(),
  fc.array(
    row.map((one) => learningBatch(ensemble!, one)),
    { maxLength: 6 },
  ),
  { wholeBatches: true },
);
