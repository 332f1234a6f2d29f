import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serverProgram } from '../queue/server.ts';
import { mayMount } from './faults/disk.ts';
import { faultOf, processTrial } from './processes.ts';
import { makeField, runKinds } from './runs.ts';
import { createTally } from './tally.ts';
import { makeStock, trial } from './trial.ts';

/**
 * npm run campaign -- [--trials 300] [--from 1] [--kind processes|files|all] [--run effective] [--fault 'disk: full'] [--verbose]: hits runs, workers,
 * servers, networks and disks while they are at work, and damages run folders, each trial by its seed; says what became of them.
 */
const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    kind: { type: 'string', default: 'all' },
    run: { type: 'string' },
    fault: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'crackle-campaign-'));
const seeds = Array.from({ length: Number(values.trials) }, (_, i) => Number(values.from) + i);
const queues = serverProgram !== undefined;
const tally = createTally(values.verbose);
if (values.kind !== 'files') {
  if (!queues) console.log('without trials of queues: neither redis-server nor valkey-server is on the path');
  if (!mayMount) console.log('without trials of full disks: no file system can be mounted here (that takes root)');
}
try {
  if (values.kind !== 'processes') {
    const stock = await makeStock(folder);
    for (const seed of seeds) tally.count('files', seed, 'damage: files of a store', await trial(stock, seed));
  }
  if (values.kind !== 'files') {
    // One kind of run after the other: each has an undisturbed one to be held against.
    for (const [place, kind] of runKinds.entries()) {
      const wanted = (seed: number): boolean => values.fault === undefined || faultOf(seed, queues) === values.fault;
      const own = seeds.filter((seed) => seed % runKinds.length === place && wanted(seed));
      if (own.length === 0 || (values.run ?? kind.name) !== kind.name) continue;
      const field = await makeField(join(folder, kind.name), kind, queues);
      try {
        for (const seed of own) tally.count('processes', seed, faultOf(seed, queues), await processTrial(field, seed));
      } finally {
        await field.close();
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
tally.show();
process.exitCode = tally.wrong() > 0 ? 1 : 0;
