import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './crackle.ts';

const module = new URL('../../src/cli/tune-v8.ts', import.meta.url);

/** Young generation (MB) of a process whose objects survive several collections. */
function youngGeneration(before: string): number {
  const code = `
    import { once } from 'node:events';
    import { getHeapSpaceStatistics } from 'node:v8';
    import { Worker } from 'node:worker_threads';
    import * as tune from ${JSON.stringify(module.href)};
    ${before}
    for (let round = 0; round < 60; round++) {
      const alive = [];
      for (let i = 0; i < 40000; i++) alive.push({ i, pair: [i, i + 1] });
    }
    console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20);`;
  const tsx = join(root, 'node_modules/tsx/dist/loader.mjs');
  const words = ['--import', tsx, '--input-type=module', '-e', code];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', cwd: root });
  expect(stderr).toBe('');
  return Number(stdout);
}

const tell = 'tune.keepYoungGenerations();';
// With it V8 forgets what it was told.
const thread = "await once(new Worker('', { eval: true }), 'exit');";

it('keepYoungGenerations() has them stay as they are, where left alone they grow', () => {
  expect(youngGeneration('')).toBeGreaterThan(16);
  expect(youngGeneration(tell)).toBeLessThan(16);
  expect(youngGeneration(tell + thread + tell)).toBeLessThan(16);
});
