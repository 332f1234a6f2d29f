import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeStock, trial } from './trial.ts';

// npm run campaign -- --trials n [--from seed]: damages run folders and says what became of them.
const { values } = parseArgs({ options: { trials: { type: 'string' }, from: { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'crackle-campaign-'));
const tally = { 'same bits': 0, refused: 0, wrong: 0 };
try {
  const stock = await makeStock(folder);
  const first = Number(values.from ?? 1);
  for (let seed = first; seed < first + Number(values.trials ?? 300); seed++) {
    const { what, outcome, said } = await trial(stock, seed);
    tally[outcome]++;
    if (outcome === 'wrong') console.log(`wrong, seed ${seed}: ${what}${said === undefined ? '' : `: ${said}`}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`same bits ${tally['same bits']}, refused by name ${tally.refused}, wrong ${tally.wrong}`);
process.exitCode = tally.wrong > 0 ? 1 : 0;
