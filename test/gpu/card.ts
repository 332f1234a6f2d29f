import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { triedCard } from '../../src/propagation/card-trial.ts';
import { tablesOf, toldRows } from '../bench/rows.ts';

/**
 * npm run card [-- word …]: all that is asked of a graphics card in four minutes, or the steps whose names hold a word; what matters most first,
 * every line as it comes, and at the end all figures as tables. Each step is a process: one that fails or takes too long costs no other.
 * CRACKLE_CARD_SECONDS is the time for all of them, of which each may take its share.
 */
const began = performance.now();
const usual = 235;
const seconds = Number(process.env.CRACKLE_CARD_SECONDS ?? usual);
const root = resolve(import.meta.dirname, '../..');
const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
const folder = mkdtempSync(join(tmpdir(), 'crackle-card-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const rows = join(folder, 'rows');
writeFileSync(rows, '');
const env = { ...process.env, CRACKLE_TEST_GPU: '1', CRACKLE_ROWS: rows };

// In a process of its own: each step says what it makes of a card that fails.
const { adapter, software } = await triedCard('chain').catch((error: Error) => {
  console.error(error.message);
  process.exit(2);
});
const card = `${adapter}; ${availableParallelism()} cores, ${cpus()[0]?.model.trim()}; Node ${process.version}`;
console.log(card);

const bench = (...parts: string[]) => [tsx, join(root, 'test/bench/main.ts'), ...parts.map((part) => `gpu:${part}`)];
/** A program that stands in for a card gets as little as shows that a step works. */
const law = (perturbations: number, ...widths: number[]) => [
  tsx,
  join(root, 'test/gpu/law.ts'),
  ...[
    software ? 200 : perturbations,
    ...widths.map((width) => (software ? Math.max(3, Math.ceil(width / 32)) : width)),
  ].map(String),
];
const bits = [tsx, join(root, 'test/gpu/bits.ts'), ...(software ? ['16', '2000'] : ['512', '500000'])];
const held = [
  'gpu/annealed',
  'gpu/in-time',
  'gpu/limits',
  'gpu/shapes',
  'gpu/first-passage',
  'gpu/first-passage-quenched',
  'gpu/quenched',
  'gpu/quenched-law',
  'gpu/tensors',
  'gpu/matrices',
  'gpu/first-weights',
  'learning/training-group',
  'queue/cards',
];
// What has passed is told though the step is ended.
const tests = [
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--reporter=verbose',
  ...held.map((name) => `test/${name}.test.ts`),
];

/** Each with the seconds of four minutes that it may take. Half of the perturbations are avalanches. */
const all: readonly (readonly [name: string, seconds: number, words: readonly string[]])[] = [
  ['the kernel', 25, bench('annealed kernel, N = 512')],
  ['a large run', 50, bench('gaussian-avalanches by all cores')],
  ['finite-size scaling', 60, bench('finite-size-scaling')],
  ['law at N = 512', 45, law(200_000, 512)],
  ['training', 45, bench('trained in step', 'products')],
  ['kernels of other widths', 20, bench('annealed kernel, N = 4096', 'annealed kernel, N = 128')],
  ['kernels of shared networks', 25, bench('quenched kernel')],
  ["PyTorch's chain", 30, bench("PyTorch's chain")],
  ['law at N = 100 and 3', 30, law(200_000, 100, 3)],
  ['the same bits', 40, bits],
  ['the same bits, shared networks', 30, [...bits, 'quenched']],
  ['law at N = 5000', 60, law(20_000, 5000)],
  ['dense', 20, bench('dense')],
  ['doctor', 20, [join(root, 'dist/src/cli/main.js'), 'doctor']],
  ['tests', 60, tests],
  ['fewer workers', 40, bench('workers, ')],
];
const wanted = process.argv.slice(2);
const steps = all.filter(([name]) => wanted.length === 0 || wanted.some((word) => name.includes(word)));

const ended: string[] = [];

/** A step, and how it ended where that isn't well. */
function step(words: readonly string[], limit: number): Promise<string | undefined> {
  const stdio = ['ignore', 'inherit', 'inherit'] as const;
  const child = spawn(process.execPath, words, { cwd: root, env, stdio: [...stdio], detached: true });
  return new Promise((done) => {
    let why: string | undefined;
    const timer = setTimeout(() => {
      why = `ended after ${limit.toFixed(0)} s`;
      // With what it started itself.
      if (child.pid !== undefined) process.kill(-child.pid);
    }, 1000 * limit);
    child.on('error', (error) => done(error.message));
    child.on('close', (code) => {
      clearTimeout(timer);
      done(why ?? (code === 0 ? undefined : `ended with ${code}`));
    });
  });
}

for (const [name, limit, words] of steps) {
  const spent = (performance.now() - began) / 1000;
  const left = seconds - spent;
  console.log(`\n${spent.toFixed(0)} s: ${name}: ${words.slice(1).join(' ').replaceAll(`${root}/`, '')}`);
  const why = left < 5 ? 'left out: no time' : await step(words, Math.min((limit * seconds) / usual, left));
  if (why === undefined) continue;
  ended.push(`${name}: ${why}`);
  console.log(why);
}

const version = (() => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
})();
const took = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `\n---\n\nMeasured on ${card}; commit ${version}, ${new Date().toISOString().slice(0, 10)}, ${took} s in all.\n`,
);
console.log(tablesOf(toldRows(rows)));
if (ended.length > 0) console.log(`\nNot whole: ${ended.join('; ')}.`);
