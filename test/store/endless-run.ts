import { makeBatch } from '../../src/schema/batch.ts';
import { createDataset } from '../../src/store/dataset.ts';
import { partSink } from '../../src/store/part-sink.ts';
import { avalancheColumns } from './avalanche-columns.ts';

// A run that never ends, to be killed: commits parts and saves a checkpoint after each, as fast as it can.
const [folder] = process.argv.slice(2);
const head = { pipeline: 'endless', parameters: {}, seed: 1, kernel: 'simd', record: ['avalanche'] };
const dataset = await createDataset(folder!, head);
console.log('started');
for (let index = 0; ; index++) {
  await using sink = partSink(folder!, 'avalanche', { ensemble: 0, index }, { rowGroupRows: 500 });
  await sink.write(makeBatch('avalanche', avalancheColumns(1000 + index, index), 1000 + index));
  await dataset.commit({ ensemble: 0, index, parts: [await sink.commit()] });
  await dataset.saveCheckpoint([{ merged: index + 1, state: new Float64Array(1000 + index).fill(index) }]);
  if (index === 0) console.log('committed');
}
