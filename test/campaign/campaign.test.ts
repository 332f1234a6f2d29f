import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../store/scratch.ts';
import { processTrial } from './processes.ts';
import { makeField, runKinds } from './runs.ts';
import { makeStock, type Trial, trial } from './trial.ts';

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

it('ends runs that are killed, whose disk fails, or that are damaged, in the same bits or such a refusal (more: npm run campaign)', {
  timeout: 400_000,
}, async () => {
  const field = await makeField(join(folder, 'field'), runKinds[0]!, false);
  const faults = {
    'driver: KILL': 'SIGKILL',
    'disk: EIO of writes': 'EIO of write',
    'damage: journal': 'journal.jsonl',
  };
  for (const [fault, named] of Object.entries(faults)) {
    const done: Trial[] = [];
    // A run may be over before it is met.
    for (let seed = 1; seed <= 30 && !done.at(-1)?.what.includes(named); seed++)
      done.push(await processTrial(field, seed, fault));
    expect(done.filter(({ outcome }) => outcome === 'wrong')).toEqual([]);
    expect(done.at(-1)!.what).toContain(named);
  }
});
