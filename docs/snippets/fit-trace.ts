import { cracklingSentences, fitTrace, openSource } from 'crackle';

const recording = await openSource(process.argv[2] ?? 'recording.csv');
const found = await fitTrace(recording, { column: 'signal', threshold: 'median' });

const { estimate, standardError } = found.analysis.jackknife;
console.log(`tau ${estimate.tau} +- ${standardError.tau}, of ${found.trace?.tally.valid} avalanches`);
console.log(cracklingSentences(found).join('\n'));
await recording.close();
