import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tellRow } from '../bench/rows.ts';
import { hashDataset } from '../store/hash-dataset.ts';

/** node … bits.ts [width [valid avalanches [engine]]]: whether runs on a card have the same bits with one worker, with many, and interrupted and resumed. */
const [width = '512', valid = '500000', engine = 'annealed'] = process.argv.slice(2);
const reuse = engine === 'quenched' ? '16' : '1';
const cli = join(resolve(import.meta.dirname, '../..'), 'dist/src/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'crackle-bits-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function crackle(words: readonly string[]) {
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  const child = spawn(process.execPath, [cli, ...words, '--progress', 'none', '--no-figures'], { stdio: [...stdio] });
  return { child, ended: new Promise<number | null>((done) => child.on('close', done)) };
}

const run = (out: string, workers: number) =>
  crackle([
    'run', 'gaussian-avalanches', '--engine', engine, '--reuse', reuse, '--backend', 'webgpu', '--widths', width, '--valid', valid,
    '--record', 'avalanche', '--workers', `${workers}`, '--out', join(folder, out),
  ]); // biome-ignore format: words

const told = (how: string, hash: string, same: string): void => {
  console.log(`${how}: ${hash} ${same}`);
  tellRow({ table: 'The same bits', cells: { engine, how, 'SHA-256 of the tables': hash, same } });
};
const hashOf = async (out: string): Promise<string> => (await hashDataset(join(folder, out))).slice(0, 16);

const cores = availableParallelism();
if ((await run('many', cores).ended) !== 0) process.exit(1);
const wanted = await hashOf('many');
told(`${cores} workers`, wanted, '–');
let failed = false;
const hold = async (how: string, out: string): Promise<void> => {
  const hash = await hashOf(out);
  failed ||= hash !== wanted;
  told(how, hash, hash === wanted ? 'yes' : 'NO');
};

const stopped = run('stopped', cores);
const parts = join(folder, 'stopped', 'avalanche');
let over = false;
void stopped.ended.then(() => {
  over = true;
});
while (!over && !(existsSync(parts) && readdirSync(parts).length > 0)) await sleep(10);
stopped.child.kill('SIGINT');
const code = await stopped.ended;
// Interrupted; resumed, too, it ends with 0.
const interrupted = code === 130;
const last = interrupted ? await crackle(['resume', join(folder, 'stopped')]).ended : code;
if (last !== 0) throw new Error(`an interrupted run ended with ${last}`);
await hold(interrupted ? 'interrupted and resumed' : 'over before it was interrupted', 'stopped');
if ((await run('one', 1).ended) !== 0) process.exit(1);
await hold('1 worker', 'one');
process.exit(failed ? 1 : 0);
