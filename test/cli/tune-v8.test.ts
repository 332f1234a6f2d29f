import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './crackle.ts';

const module = new URL('../../src/cli/tune-v8.ts', import.meta.url);

/** What a process prints that imports `tune`. */
function printed(code: string, flags: readonly string[] = []): string {
  const tsx = join(root, 'node_modules/tsx/dist/loader.mjs');
  const whole = `import * as tune from ${JSON.stringify(module.href)};\n${code}`;
  const words = [...flags, '--import', tsx, '--input-type=module', '-e', whole];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', cwd: root });
  expect(stderr).toBe('');
  return stdout.trim();
}

/** Young generation (MB) of a process whose objects survive several collections. */
const youngGeneration = (before: string): number =>
  Number(
    printed(`
    import { once } from 'node:events';
    import { getHeapSpaceStatistics } from 'node:v8';
    import { Worker } from 'node:worker_threads';
    ${before}
    for (let round = 0; round < 60; round++) {
      const alive = [];
      for (let i = 0; i < 40000; i++) alive.push({ i, pair: [i, i + 1] });
    }
    console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20);`),
  );

/** Whether TurboFan has optimised a function that was called often: a bit of what V8 says of it. */
const isOptimised = (before: string): boolean =>
  printed(
    `
    const status = new Function('f', 'return %GetOptimizationStatus(f)');
    function sum(n) {
      let s = 0;
      for (let i = 0; i < n; i++) s += i % 7;
      return s;
    }
    ${before}
    for (let round = 0; round < 300; round++) {
      for (let i = 0; i < 100; i++) sum(1000);
      await new Promise((turn) => setImmediate(turn));
    }
    console.log((status(sum) & (1 << 6)) > 0);`,
    ['--allow-natives-syntax'],
  ) === 'true';

const tell = 'tune.keepYoungGenerations();';
// With it V8 forgets what it was told.
const thread = "await once(new Worker('', { eval: true }), 'exit');";

it('keepYoungGenerations() has them stay as they are, where left alone they grow', () => {
  expect(youngGeneration('')).toBeGreaterThan(16);
  expect(youngGeneration(tell)).toBeLessThan(16);
  expect(youngGeneration(tell + thread + tell)).toBeLessThan(16);
});

it('optimiseNoMore() has no function optimised from then on, where left alone it is', () => {
  expect(isOptimised('')).toBe(true);
  expect(isOptimised('tune.optimiseNoMore();')).toBe(false);
});

it('exposeCollector() gives threads that start from then on a collector, and ownCollector() is that of this one', () => {
  const report = `
    import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    const collect = tune.ownCollector();
    const garbage = new WeakRef({});
    // Until then it is held.
    await new Promise((turn) => setImmediate(turn));
    collect?.();
    const gone = garbage.deref() === undefined;
    const [inThread] = await once(
      new Worker('(await import("node:worker_threads")).parentPort.postMessage(typeof gc)', { eval: true }),
      'message',
    );
    console.log(gone, inThread);`;
  expect(printed(report)).toBe('false undefined');
  expect(printed(`tune.exposeCollector();${report}`)).toBe('true function');
});
