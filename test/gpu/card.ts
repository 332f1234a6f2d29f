import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

/**
 * npm run card: all that is asked of a graphics card in four minutes, what matters most first, every line as it comes: speed of the kernel
 * and of whole runs, law, doctor. A step that takes too long is ended, and the next begins.
 */
const root = resolve(import.meta.dirname, '../..');
const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
const cli = join(root, 'dist/src/cli/main.js');
const perturbations = process.argv[2] ?? '100000';
const began = performance.now();

/** Each with the seconds that it may take. */
const steps: readonly (readonly [seconds: number, ...words: string[]])[] = [
  [110, tsx, join(root, 'test/bench/main.ts'), 'gpu'],
  [90, tsx, join(root, 'test/gpu/law.ts'), perturbations],
  [40, cli, 'doctor'],
];

for (const [seconds, ...words] of steps) {
  console.log(`\n${((performance.now() - began) / 1000).toFixed(0)} s: ${words.join(' ').replaceAll(`${root}/`, '')}`);
  const env = { ...process.env, CRACKLE_TEST_GPU: '1' };
  const child = spawn(process.execPath, words, {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const timer = setTimeout(() => {
    console.log(`ended after ${seconds} s`);
    // With what it started itself.
    process.kill(-child.pid!);
  }, 1000 * seconds);
  await new Promise((done) => child.on('close', done));
  clearTimeout(timer);
}
