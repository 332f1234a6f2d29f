import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { start } from '../../cli/crackle.ts';
import { quiet } from '../runs.ts';
import { type Fault, leaves, pipelineWords, type Scene } from '../scene.ts';
import { struck } from './signals.ts';

const preload = (name: string): string => `--require=${resolve(import.meta.dirname, '../preload', name)}`;

/** A process in which calls of the file system fail under the run folder. */
const failing = (scene: Scene, call: string, how: string, at: number, times: number): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_OPTIONS: preload('failing-disk.cjs'),
  FAILING_DISK: JSON.stringify({ under: scene.out, call, how, at, times }),
});

/** Calls of one kind fail in a run, from one on that is drawn at random. */
const failingRun =
  (call: string, how: string, times: number): Fault =>
  async (scene) => {
    const at = scene.draw(call === 'write' ? 60 : 30);
    const run = start([...scene.words, '--out', scene.out], { env: failing(scene, call, how, at, times) });
    const { code, said } = await leaves(run);
    const named = how === 'short' ? code === 0 : code === 0 || (code === 2 && said.includes(how));
    if (!named) throw new Error(`left with ${code}: ${said}`);
    return { what: `${how} of ${call} from the ${at}th on, ${times} times; left with ${code}`, said };
  };

/** Reading fails while an interrupted run is gone on with. */
const failingResume =
  (how: string, times: number): Fault =>
  async (scene) => {
    const hit = await struck('SIGINT')(scene);
    const at = scene.draw(12);
    const words = ['resume', scene.out, ...quiet, ...pipelineWords(scene.field)];
    const { code, said } = await leaves(start(words, { env: failing(scene, 'read', how, at, times) }));
    const expected = how === 'short' ? /is complete/ : /is complete|EIO/;
    if (code !== 0 && !(code === 2 && expected.test(said))) throw new Error(`resume left with ${code}: ${said}`);
    return { what: `${hit.what}; ${how} of reads from the ${at}th on in its resume, left with ${code}`, said };
  };

/** No file may grow beyond so many bytes. */
const smallFiles: Fault = async ({ out, words, draw }) => {
  const blocks = 1 + draw(24);
  const { status, stderr } = limited(`ulimit -f ${blocks}; trap '' XFSZ`, [...words, '--out', out]);
  if (status !== 0 && !/cannot write|EFBIG/.test(stderr)) throw new Error(`left with ${status}: ${stderr}`);
  return { what: `files of ${blocks} KiB at most, left with ${status}`, said: stderr };
};

/** Runs the command line under limits of a shell. */
export function limited(limits: string, words: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const main = resolve(import.meta.dirname, '../../../dist/src/cli/main.js');
  const command = ['-c', `${limits}; exec "$@"`, 'bash', process.execPath, main, ...words];
  return spawnSync('bash', command, { encoding: 'utf8', env, timeout: 120_000 });
}

/** Whether this process may mount a file system of a few hundred kilobytes. */
export const mayMount: boolean = ((): boolean => {
  const at = `/tmp/crackle-campaign-mount-${process.pid}`;
  try {
    mkdirSync(at);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', at], { stdio: 'ignore' });
    execFileSync('umount', [at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
})();

/** A file system that is full before the run is done; it goes on where there is room. */
const fullDisk: Fault = async (scene) => {
  const { words, draw } = scene;
  const mount = `${scene.out}-mount`;
  const kilobytes = 4 * (2 + draw(50));
  mkdirSync(mount, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', mount]);
  try {
    const { code, said } = await leaves(start([...words, '--out', join(mount, 'run')]));
    if (code !== 0 && !(code === 2 && /no space is left|ENOSPC|is full|disk/.test(said)))
      throw new Error(`left with ${code}: ${said}`);
    cpSync(join(mount, 'run'), scene.out, { recursive: true });
    return { what: `a disk of ${kilobytes} KiB, left with ${code}`, said };
  } finally {
    execFileSync('umount', ['-l', mount]);
    rmSync(mount, { recursive: true, force: true });
  }
};

export const disk: Readonly<Record<string, Fault>> = {
  'disk: EIO of writes': failingRun('write', 'EIO', 1e9),
  'disk: one EIO of a write': failingRun('write', 'EIO', 1),
  'disk: one ENOSPC of a write': failingRun('write', 'ENOSPC', 1),
  'disk: short writes': failingRun('write', 'short', 1e9),
  'disk: EIO of a sync': failingRun('sync', 'EIO', 1),
  'disk: EIO of a rename': failingRun('rename', 'EIO', 1),
  'disk: EIO of an open': failingRun('open', 'EIO', 1),
  'disk: EIO of a read in a resume': failingResume('EIO', 1),
  'disk: short reads in a resume': failingResume('short', 1e9),
  'disk: limit of file sizes': smallFiles,
  ...(mayMount ? { 'disk: full': fullDisk } : {}),
};

export const clockPreload: string = preload('jumping-clock.cjs');
