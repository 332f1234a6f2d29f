import fc from 'fast-check';
import { blocks } from '../../src/reduce/blocks.ts';
import { branching } from '../../src/reduce/branching.ts';
import { collapse } from '../../src/reduce/collapse.ts';
import { histogram } from '../../src/reduce/histogram.ts';
import { moments } from '../../src/reduce/moments.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { scaling } from '../../src/reduce/scaling.ts';
import { together } from '../../src/reduce/together.ts';
import { valueHistogram } from '../../src/reduce/value-histogram.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { avalancheBatch, avalancheRows, grid } from './batches.ts';
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

const batches = fc.array(avalancheRows.map(avalancheBatch), { maxLength: 3 });
for (const [i, reducer] of reducers.entries()) obeysReducerLaws(`${reducer.name} #${i}`, reducer, batches);

const steps = fc.record({
  ancestors: fc.double({ min: 0, max: 100, noNaN: true }),
  descendants: fc.double({ min: 0, max: 100, noNaN: true }),
});
const branchingBatches = fc.array(
  fc.array(steps, { maxLength: 5 }).map((rows) =>
    rowsToBatch(
      'branching',
      rows.map((row) => ({ ensemble: 0, ...row })),
    ),
  ),
  { maxLength: 4 },
);
obeysReducerLaws('branching', branching(), branchingBatches);
obeysReducerLaws('branching in blocks', blocks(branching(), 3), branchingBatches);
