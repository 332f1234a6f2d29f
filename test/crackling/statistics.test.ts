import fc from 'fast-check';
import { cracklingReducer, statisticsReducer } from '../../src/crackling/reducer.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { avalancheBatch, avalancheRows, grid } from '../reduce/batches.ts';
import { branchingBatch, growthBatch, spectrumBatch } from '../reduce/more-batches.ts';
import { obeysReducerLaws } from '../reduce/obeys-reducer-laws.ts';

/** Another table of the stream, which none of the statistics is of. */
const foreign = fc.constant(rowsToBatch('tally', [{ ensemble: 0, valid: 1, dead: 0, censored: 0, non_finite: 0 }]));

// What the stages of a pipeline send, in any order.
const batches = fc.array(
  fc.oneof(
    avalancheRows.map((rows) => avalancheBatch(rows)),
    branchingBatch,
    growthBatch,
    spectrumBatch,
    foreign,
  ),
  {
    maxLength: 4,
  },
);
const options = { profilePoints: grid, censored: 'count' } as const;
obeysReducerLaws('of all statistics', statisticsReducer(options), batches, { wholeBatches: true, runs: 15 });
obeysReducerLaws('of all statistics but shapes', statisticsReducer({ profilePoints: 0 }), batches, {
  wholeBatches: true,
  runs: 15,
});
obeysReducerLaws('of all statistics in blocks', cracklingReducer({ ...options, blocks: 3 }), batches, {
  wholeBatches: true,
  runs: 15,
});
