import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serverProgram } from '../queue/server.ts';
import { kinds, makeField, processTrial } from './processes.ts';
import { makeStock, type Trial, trial } from './trial.ts';

/**
 * npm run campaign -- [--trials 300] [--from 1] [--kind files|processes|all] [--verbose]: damages run folders, and hits runs, workers, servers
 * and networks while they are at work, each trial by its seed; says what became of them. Of all trials every third is one of processes.
 */
const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    kind: { type: 'string', default: 'all' },
    verbose: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'crackle-campaign-'));
const tally = { 'same bits': 0, refused: 0, wrong: 0 };
const count = (seed: number, { what, outcome, said = '' }: Trial): void => {
  tally[outcome]++;
  if (outcome === 'wrong' || values.verbose)
    console.log(`${outcome}, seed ${seed}: ${what}${said === '' ? '' : `: ${said}`}`);
};
const seeds = Array.from({ length: Number(values.trials) }, (_, i) => Number(values.from) + i);
const every = { files: Number.POSITIVE_INFINITY, processes: 1 }[values.kind] ?? 3;
const ofFiles = seeds.filter((seed) => seed % every !== 0);
const ofProcesses = seeds.filter((seed) => seed % every === 0).map((seed) => seed / every);
if (ofProcesses.length > 0 && serverProgram === undefined)
  console.log('without trials of queues: neither redis-server nor valkey-server is on the path');
try {
  const stock = await makeStock(folder);
  for (const seed of ofFiles) count(seed, await trial(stock, seed));
  // One kind of run after the other: each has an undisturbed one to be held against.
  for (let kind = 0; kind < kinds; kind++) {
    const own = ofProcesses.filter((seed) => seed % kinds === kind);
    if (own.length === 0) continue;
    const field = await makeField(join(folder, `field-${kind}`), kind);
    try {
      for (const seed of own) count(seed, await processTrial(field, seed, kind));
    } finally {
      await field.close();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`same bits ${tally['same bits']}, refused by name ${tally.refused}, wrong ${tally.wrong}`);
process.exitCode = tally.wrong > 0 ? 1 : 0;
