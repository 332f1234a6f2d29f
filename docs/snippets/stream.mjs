import { RecordBatchReader } from 'apache-arrow';

let [avalanches, longest] = [0, 0];
for await (const batch of await RecordBatchReader.from(process.stdin)) {
  avalanches += batch.numRows;
  for (const duration of batch.getChild('duration')) longest = Math.max(longest, duration);
}
console.log(`${avalanches} avalanches, the longest of ${longest} layers`);
