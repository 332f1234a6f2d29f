import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../store/scratch.ts';
import { makeField, processTrial } from './processes.ts';
import { makeStock, trial } from './trial.ts';

const folder = scratchFolder();

it('ends 40 seeded damages to run folders in the same bits or in a refusal that names the damage (more: npm run campaign)', async () => {
  const stock = await makeStock(folder);
  const outcomes = { 'same bits': 0, refused: 0, wrong: 0 };
  const wrong: unknown[] = [];
  for (let seed = 1; seed <= 40; seed++) {
    const done = await trial(stock, seed);
    outcomes[done.outcome]++;
    if (done.outcome === 'wrong') wrong.push({ seed, ...done });
  }
  expect(wrong).toEqual([]);
  expect(outcomes.refused).toBeGreaterThan(20);
  expect(outcomes['same bits']).toBeGreaterThan(2);
});

it('ends runs that are killed, or interrupted and damaged, in the same bits or such a refusal (more: npm run campaign)', {
  timeout: 400_000,
}, async () => {
  const field = await makeField(join(folder, 'field'), 0, false);
  const done = [];
  for (const seed of [0, 18]) done.push(await processTrial(field, seed));
  expect(done.filter(({ outcome }) => outcome === 'wrong')).toEqual([]);
  expect(done.map(({ what }) => what.replace(/[ ,;].*/, ''))).toEqual(['SIGKILL', 'SIGINT']);
});
