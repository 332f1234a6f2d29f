import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verify } from '../../src/store/verify.ts';
import { type Ended, root, start } from '../cli/crackle.ts';
import { type Relay, startRelay } from '../queue/relay.ts';
import { serverProgram, startServer } from '../queue/server.ts';
import { uniform } from '../store/avalanche-columns.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { type Draw, damage } from './damage.ts';
import type { Trial } from './trial.ts';

/** Where trials of processes are made: what an undisturbed run comes to, and a queue where there is a server. */
export interface Field {
  readonly folder: string;
  readonly hash: string;
  /** A damaged file may be replaced by one of this run, of another seed. */
  readonly twin: string;
  readonly queue: Queue | undefined;
  close(): Promise<void>;
}

interface Queue {
  readonly server: Awaited<ReturnType<typeof startServer>>;
  readonly relay: Relay;
  /** For drivers: straight to the server. */
  readonly url: string;
  /** The worker at a place, anew where it is gone. */
  worker(place: number): ReturnType<typeof start>;
}

const pipelines: readonly (readonly string[])[] = [
  ['gaussian-avalanches', '--widths', '24,32', '--depth', '60', '--valid', '5000', '--alternatives', 'false', '--record', 'avalanche'],
  ['gaussian-avalanches', '--widths', '48', '--depth', '80', '--valid', '9000', '--engine', 'effective', '--alternatives', 'false', '--record', 'signal,avalanche'],
  ['finite-size-scaling', '--widths', '16,24', '--depth', '60', '--valid', '2000', '--scan', '0,1', '--scan-valid', '800', '--alternatives', 'false'],
]; // biome-ignore format: words

/** Kinds of runs. */
export const kinds: number = pipelines.length;

const quiet = ['--no-figures', '--progress', 'none', '--workers', '2'];

/** Makes the field for one kind of run, with a queue where one can be had. */
export async function makeField(folder: string, kind = 0, queues = serverProgram !== undefined): Promise<Field> {
  mkdirSync(folder, { recursive: true });
  const words = wordsOf(kind);
  for (const [name, seed] of [
    ['whole', '1'],
    ['twin', '2'],
  ] as const) {
    const ended = await start([...words, '--seed', seed, '--out', join(folder, name)]).ended;
    if (ended.code !== 0) throw new Error(ended.stderr);
  }
  const queue = queues ? await makeQueue() : undefined;
  return {
    folder,
    hash: await hashDataset(join(folder, 'whole')),
    twin: join(folder, 'twin'),
    queue,
    async close() {
      if (queue === undefined) return;
      for (const place of [0, 1]) queue.worker(place).child.kill('SIGKILL');
      await queue.relay.close();
      await queue.server.end();
    },
  };
}

const wordsOf = (kind: number): string[] => ['run', ...pipelines[kind % pipelines.length]!, ...quiet];

async function makeQueue(): Promise<Queue> {
  const server = await startServer();
  const relay = await startRelay(server.port);
  const workers = new Map<number, ReturnType<typeof start>>();
  return {
    server,
    relay,
    url: server.url,
    worker(place) {
      const there = workers.get(place);
      if (there !== undefined && there.child.exitCode === null && there.child.signalCode === null) return there;
      // The second worker's way to the server can be stalled.
      const url = place === 1 ? `redis://127.0.0.1:${relay.port}` : server.url;
      const started = start(['worker', url, '--slots', '1', '--heartbeat', '0.5s', '--drain', '2s']);
      workers.set(place, started);
      return started;
    },
  };
}

interface Scene {
  readonly field: Field;
  readonly out: string;
  readonly words: readonly string[];
  readonly draw: Draw;
}

/** What hits a run; returns what was done. The folder may have moved: then its new path too. */
type Fault = (scene: Scene) => Promise<{ what: string; out?: string; damaged?: string; queue?: string }>;

const begun = async (out: string): Promise<void> => {
  for (let tries = 0; tries < 4000 && !existsSync(join(out, 'manifest.json')); tries++) await sleep(5);
};

/** Starts a run and signals it at a moment drawn at random, once or twice. */
const struck =
  (first: NodeJS.Signals, again?: NodeJS.Signals): Fault =>
  async ({ out, words, draw }) => {
    const { child, ended } = start([...words, '--out', out]);
    await begun(out);
    await sleep(draw(1500));
    child.kill(first);
    if (again !== undefined) {
      await sleep(draw(40));
      child.kill(again);
    }
    const { code } = await ended;
    return { what: `${first}${again === undefined ? '' : ` and ${again}`}, left with ${code}` };
  };

/** A run interrupted so that there is a checkpoint, then whatever harms its files. */
const interrupted: Fault = struck('SIGINT');

const damaged: Fault = async (scene) => {
  const { what } = await interrupted(scene);
  const { out, field, draw } = scene;
  const done = damage(out, field.twin, draw);
  return { what: `${what}; ${done.file} ${done.what}`, damaged: done.file };
};

const moved: Fault = async (scene) => {
  const { what } = await struck(scene.draw(2) === 0 ? 'SIGKILL' : 'SIGTERM')(scene);
  const out = `${scene.out}-moved`;
  renameSync(scene.out, out);
  return { what: `${what}, moved`, out };
};

const twoDrivers: Fault = async ({ out, words }) => {
  const first = start([...words, '--out', out]);
  await begun(out);
  const second = await start(['resume', out, '--no-figures', '--progress', 'none']).ended;
  const { code } = await first.ended;
  const named = /is being written by process|is complete/.test(second.stderr);
  if (second.code !== 0 && !named) throw new Error(`the second driver said: ${second.stderr}`);
  return { what: `two drivers, left with ${code} and ${second.code}` };
};

/** No file may grow beyond so many bytes: as where a disk is full. */
const fullDisk: Fault = async ({ out, words, draw }) => {
  const blocks = 1 + draw(24);
  const command = [process.execPath, join(root, 'dist/src/cli/main.js'), ...words, '--out', out];
  const limited = `ulimit -f ${blocks}; trap '' XFSZ; exec "$@"`;
  const { status, stderr } = spawnSync('bash', ['-c', limited, 'bash', ...command], { cwd: root, encoding: 'utf8' });
  if (status !== 0 && !/cannot write|EFBIG/.test(stderr)) throw new Error(`left with ${status}: ${stderr}`);
  return { what: `files of ${blocks} KiB at most, left with ${status}` };
};

/** A run on a queue in which something happens to worker, server, network or driver. */
const onQueue =
  (what: string, strike: (queue: Queue, scene: Scene, driver: ReturnType<typeof start>) => Promise<void>): Fault =>
  async (scene) => {
    const queue = scene.field.queue!;
    for (const place of [0, 1]) queue.worker(place);
    const driver = start([...scene.words, '--out', scene.out, '--queue', queue.url]);
    await begun(scene.out);
    await sleep(scene.draw(2500));
    await strike(queue, scene, driver);
    const { code } = await driver.ended;
    return { what: `${what}, driver left with ${code}`, queue: queue.url };
  };

const killWorker =
  (signal: NodeJS.Signals) =>
  async (queue: Queue, { draw }: Scene): Promise<void> => {
    const place = draw(2);
    const { child, ended } = queue.worker(place);
    child.kill(signal);
    await ended;
    queue.worker(place);
  };

const faults: Record<string, Fault> = {
  kill: struck('SIGKILL'),
  term: struck('SIGTERM'),
  hup: struck('SIGHUP'),
  int: struck('SIGINT'),
  'double int': struck('SIGINT', 'SIGINT'),
  'int, then kill': struck('SIGINT', 'SIGKILL'),
  damaged,
  'damaged again': damaged,
  moved,
  'two drivers': twoDrivers,
  'full disk': fullDisk,
};

const queueFaults: Record<string, Fault> = {
  'worker killed': onQueue('worker killed', killWorker('SIGKILL')),
  'worker told to leave': onQueue('worker told to leave', killWorker('SIGTERM')),
  'server restarted': onQueue('server restarted', async ({ server }, { draw }) => {
    await server.end();
    await sleep(draw(1500));
    await server.begin();
  }),
  'network stalled': onQueue('network stalled', async ({ relay }, { draw }) => {
    relay.stall(true);
    await sleep(500 + draw(4000));
    relay.stall(false);
  }),
  'network cut': onQueue('network cut', async ({ relay }) => relay.cut()),
  'driver killed': onQueue('driver killed', async (_queue, _scene, { child }) => void child.kill('SIGKILL')),
  'driver told to leave': onQueue(
    'driver told to leave',
    async (_queue, _scene, { child }) => void child.kill('SIGTERM'),
  ),
};

/** Goes on with a run until it is complete or refused. */
async function settle(out: string, words: readonly string[], queue?: string): Promise<Ended> {
  const more = queue === undefined ? [] : ['--queue', queue];
  // Cut off before it had a manifest, it is no run yet.
  if (!existsSync(join(out, 'manifest.json'))) rmSync(out, { recursive: true, force: true });
  if (!existsSync(out)) return start([...words, '--out', out]).ended;
  return start(['resume', out, '--no-figures', '--progress', 'none', '--workers', '2', ...more]).ended;
}

/** One seeded trial: a run, something that hits it, and then its end: the same bits, or a refusal that names the damage. */
export async function processTrial(field: Field, seed: number, kind = 0): Promise<Trial> {
  const random = uniform(seed * 104_729 + 7);
  for (let i = 0; i < 8; i++) random();
  const draw: Draw = (n) => Math.floor(random() * n);
  const all = { ...faults, ...(field.queue === undefined ? {} : queueFaults) };
  const names = Object.keys(all);
  const name = names[Math.floor(seed / kinds) % names.length]!;
  const words = wordsOf(kind);
  const scene: Scene = { field, out: join(field.folder, `trial-${seed}`), words, draw };
  let { out } = scene;
  try {
    const hit = await all[name]!(scene);
    out = hit.out ?? out;
    const { what, damaged: file, queue } = hit;
    const { code, stderr } = await settle(out, words, queue);
    const complete = code === 2 && /is complete: nothing is left/.test(stderr);
    if (code !== 0 && !complete) {
      const named =
        file !== undefined &&
        code === 2 &&
        (stderr.includes(file.split('/').at(-1)!) || / swapped | put in/.test(` ${what}`));
      return { what, outcome: named ? 'refused' : 'wrong', said: stderr };
    }
    const found = (await verify(out)).damage;
    if (file !== undefined && found.length > 0) return { what, outcome: 'refused', said: found[0]!.file };
    const strays = readdirSync(out).filter((name) => /^run\.lock$|^\.unfinished$|^journal|^checkpoint/.test(name));
    const same = (await hashDataset(out)) === field.hash && found.length === 0 && strays.length === 0;
    return {
      what,
      outcome: same ? 'same bits' : 'wrong',
      said: [...strays, ...found.map(({ file: each }) => each)].join(' '),
    };
  } catch (error) {
    return { what: name, outcome: 'wrong', said: String(error) };
  } finally {
    rmSync(out, { recursive: true, force: true });
    rmSync(scene.out, { recursive: true, force: true });
  }
}
