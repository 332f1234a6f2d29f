import fc from 'fast-check';
import { blocks } from '../../src/reduce/blocks.ts';
import { branching } from '../../src/reduce/branching.ts';
import { collapse } from '../../src/reduce/collapse.ts';
import { covariances } from '../../src/reduce/covariances.ts';
import { growth } from '../../src/reduce/growth.ts';
import { histogram } from '../../src/reduce/histogram.ts';
import { moments } from '../../src/reduce/moments.ts';
import { only } from '../../src/reduce/only.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { scaling } from '../../src/reduce/scaling.ts';
import { spectrum } from '../../src/reduce/spectrum.ts';
import { together } from '../../src/reduce/together.ts';
import { valueHistogram } from '../../src/reduce/value-histogram.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { avalancheBatch, avalancheRows, grid } from './batches.ts';
import { branchingBatch, growthBatch, spectrumBatch } from './more-batches.ts';
import { obeysReducerLaws } from './obeys-reducer-laws.ts';

const reducers: Reducer[] = [
  histogram(),
  histogram({ censored: 'count' }),
  valueHistogram('size', { discrete: false }),
  valueHistogram('duration', { discrete: true, censored: 'count' }),
  valueHistogram('peak', { discrete: false }),
  scaling(),
  collapse({ grid }),
  moments('size'),
  moments('duration'),
  together({ scaling: scaling(), moments: moments('peak') }),
  blocks(scaling(), 3),
  blocks(together({ histogram: histogram(), scaling: scaling(), collapse: collapse({ grid }) }), 5),
];

const batches = fc.array(
  avalancheRows.map((rows) => avalancheBatch(rows)),
  { maxLength: 3 },
);
for (const [i, reducer] of reducers.entries()) obeysReducerLaws(`${reducer.name} #${i}`, reducer, batches);

const branchingBatches = fc.array(branchingBatch, { maxLength: 4 });
obeysReducerLaws('branching', branching(), branchingBatches);
obeysReducerLaws('growth', growth(), fc.array(growthBatch, { maxLength: 4 }));
obeysReducerLaws('branching in blocks', blocks(branching(), 3), branchingBatches);
obeysReducerLaws('spectrum', spectrum(), fc.array(spectrumBatch, { maxLength: 4 }), { wholeBatches: true });

const finite = fc.double({ min: -10, max: 10, noNaN: true });
const strengths = fc.array(fc.oneof({ weight: 9, arbitrary: finite }, fc.constant(Number.NaN)), { maxLength: 6 });
const signalBatches = fc.array(
  strengths.map((values) =>
    rowsToBatch(
      'signal',
      values.map((strength, i) => ({ ensemble: 0, perturbation: i, layer: i + 1, strength })),
    ),
  ),
  { maxLength: 4 },
);
obeysReducerLaws('covariances', covariances(['layer', 'strength']), signalBatches, { slack: 1e-9 });
obeysReducerLaws(
  'of some batches alone',
  only((batch) => batch.numRows % 2 === 0, moments('strength')),
  signalBatches,
  { slack: 1e-9, wholeBatches: true },
);
