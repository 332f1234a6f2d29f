import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { QueueError } from '../../src/error.ts';
import { zeroCounts } from '../../src/flow/counts.ts';
import { fetchOutcome, leaveOutcome, removeOutcome } from '../../src/queue/outcome.ts';
import { openRedis, unusable } from '../../src/queue/redis.ts';
import { work } from '../../src/queue/worker.ts';
import { run } from '../../src/run/run.ts';
import { readManifest } from '../../src/store/folder.ts';
import { imprintOf } from '../../src/store/imprint.ts';
import { readMetadata } from '../../src/store/read-table.ts';
import { crackle, type Ended, root, type StartOptions, start } from '../cli/crackle.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { makeCertificates } from './certificates.ts';
import { startServer as openServer, serverProgram } from './server.ts';

if (serverProgram === undefined) console.log('skipped: tests of queues need redis-server or valkey-server on the path');

/** A server that is gone after its test. */
async function startServer(...how: Parameters<typeof openServer>) {
  const server = await openServer(...how);
  onTestFinished(() => server.end());
  return server;
}

const folder = temporaryFolder();
const pipeline = join(root, 'test/fixtures/pipelines/fails.ts');
const memory = join(folder, 'memory');
const parameters = ['--widths', '16', '--depth', '20', '--memory', memory];
const words = (out: string, ...more: string[]): string[] => [
  'run', pipeline, ...parameters, '--record', 'avalanche', '--no-figures', '--progress', 'none', '--out', out, ...more,
]; // biome-ignore format: words

const parts = (out: string): number =>
  existsSync(join(out, 'avalanche')) ? readdirSync(join(out, 'avalanche')).length : 0;
const until = async (condition: () => boolean, what: string): Promise<void> => {
  for (let waited = 0; !condition(); waited += 20) {
    if (waited > 60_000) throw new Error(`waited for ${what} in vain`);
    await sleep(20);
  }
};

/** Workers that are ended with the tests. */
const workers = new Set<ReturnType<typeof start>>();
function worker(url: string, more: readonly string[] = [], options: StartOptions = {}): ReturnType<typeof start> {
  const started = start(['worker', url, '--slots', '1', '--heartbeat', '0.5s', ...more], options);
  workers.add(started);
  return started;
}
afterAll(async () => {
  for (const { child } of workers) child.kill('SIGKILL');
  await Promise.all([...workers].map(({ ended }) => ended));
});

/** Stops one of two workers while it is at a partition, not between two: the other has one at most. */
async function stopAtWork({ child }: ReturnType<typeof start>, redis: Redis): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    child.kill('SIGSTOP');
    for (let looks = 0; looks < 20; looks++) {
      await sleep(20);
      const [list] = await redis.keys('crackle:partitions-*:active');
      if (list !== undefined && (await redis.llen(list)) > 1) return redis.disconnect();
    }
    child.kill('SIGCONT');
    await sleep(70);
  }
  throw new Error('a worker was never at work');
}

const said = ({ code, stderr }: Ended): string => (code === 0 ? '' : `code ${code}: ${stderr}`);

describe.skipIf(serverProgram === undefined)('a run on a queue (needs redis-server or valkey-server)', () => {
  let hash: string;
  beforeAll(async () => {
    mkdirSync(memory);
    const out = join(folder, 'threads');
    expect(said(await crackle(words(out, '--workers', '1')))).toBe('');
    hash = await hashDataset(out, false);
  });

  it('has the same bits as one on threads by TLS and as a user with few rights when workers and the server itself are killed, and leaves nothing on the server', async () => {
    const users = '--user default off --user someone on >secret ~crackle:* +@all -@admin'.split(' ');
    const secured = makeCertificates(folder);
    if (secured === undefined) console.log('without TLS: there is no openssl to make certificates with');
    const server = await startServer(users, secured);
    const url = server.url.replace('//', '//someone:secret@');
    const known = secured === undefined ? {} : { env: { ...process.env, NODE_EXTRA_CA_CERTS: secured.authority } };
    const out = join(folder, 'queue');
    const first = worker(url, [], known);
    const second = worker(url, [], known);
    // Longer than on threads by pauses, of which no data depends.
    const driver = start(words(out, '--queue', url, '--pause', '150'), known);
    const stranger = secured === undefined ? undefined : crackle(['worker', url]);
    await until(() => parts(out) > 8, 'first parts');
    // Its terminal is closed.
    second.child.kill('SIGHUP');
    const open = () => new Redis(url, secured === undefined ? {} : { tls: { ca: readFileSync(secured.authority) } });
    await stopAtWork(first, open());
    first.child.kill('SIGKILL');
    await until(() => driver.stderr().includes('is tried again'), 'the loss of a worker');
    expect(driver.stderr()).toMatch(/partition \d+ of .*: its worker gave no sign of life any more; it is tried again/);
    await server.end();
    await sleep(300);
    await server.begin();
    expect(said(await driver.ended)).toBe('');
    // The pause is a parameter, so that manifests differ, and what files say of the run; tables don't.
    expect(await hashDataset(out, false)).toBe(hash);
    const told = imprintOf(await readManifest(out), 'part');
    expect(told['crackle.parameters']).toContain('"pause":150');
    for (const name of readdirSync(join(out, 'avalanche')))
      expect(await readMetadata(join(out, 'avalanche', name))).toMatchObject(told);
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
    expect(driver.stderr()).not.toContain('secret');
    if (stranger !== undefined) {
      expect(await stranger).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /^crackle: the queue at rediss:\S+ can't be used: its certificate is signed by nobody who is known here: .*\n$/,
        ),
      });
    }
    const redis = open();
    // A worker's last look for stalled jobs leaves a mark of its own, for a moment.
    let left = ['anything'];
    for (let tries = 0; left.length > 0 && tries < 20; tries++) {
      await sleep(250);
      left = (await redis.keys('crackle:*')).filter((key) => !/^crackle:(worker|ended|outcome)/.test(key));
    }
    const forever = [];
    for (const key of await redis.keys('crackle:*')) if ((await redis.ttl(key)) === -1) forever.push(key);
    await redis.quit();
    expect(left).toEqual([]);
    expect(forever).toEqual([]);
  });

  it('goes on where its driver was killed, gives up on a partition after three tries, and shares workers with other runs; a worker that would compute other bits refuses, one whose files are altered hands back what it is at, one without a run leaves when it is told to', async () => {
    const server = await startServer();
    const places = ['driver', 'here', 'twin'].map((name) => join(folder, name));
    for (const place of places) {
      mkdirSync(place);
      writeFileSync(join(place, 'note'), 'as it was');
    }
    const here = worker(server.url, [], { cwd: places[1]! });
    const reference = { env: { ...process.env, CRACKLE_KERNEL: 'reference' } };
    const unlike = start(['worker', server.url, '--heartbeat', '0.5s'], reference);
    workers.add(unlike);
    const out = join(folder, 'killed');
    const faults = '20:exit,20:exit,20:exit';
    const driver = start(words(out, '--queue', server.url, '--pause', '20', '--faults', faults));
    const other = start(
      words(join(folder, 'other'), '--queue', server.url, '--priority', '2', '--pause', '1', '--progress', 'json'),
    );
    const failed = await driver.ended;
    expect(failed.code).toBe(2);
    expect(failed.stderr).toMatch(
      /partition 20 of ensemble 0 \(perturbations 200 to 209\) was tried 3 times.*ended with code 7.*crackle replay .*killed 0 20 --pipeline/,
    );
    expect(said(await other.ended)).toBe('');
    expect(other.stderr()).toContain('"staff":{"workers":1,"slots":1}');
    expect(await hashDataset(join(folder, 'other'), false)).toBe(hash);
    await until(
      () => /refuses fails of .*: it is computed with kernel .*, this worker has/.test(unlike.stderr()),
      'a refusal',
    );
    // It lost its worker as often as it was told.
    const again = ['resume', out, '--pipeline', pipeline, '--queue', '--progress', 'none'];
    // `ps` shows flags.
    const named = { env: { ...process.env, CRACKLE_QUEUE: server.url } };
    const killed = start(again, named);
    const before = parts(out);
    await until(() => parts(out) > before + 4, 'parts of the resumed run');
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(said(await start(again, named).ended)).toBe('');
    expect(await hashDataset(out, false)).toBe(hash);
    const altered = join(folder, 'altered');
    worker(server.url, [], { cwd: places[2]! });
    const faults3 = `none,none,none,30:alter`;
    const reading = start(
      words(altered, '--queue', server.url, '--pause', '50', '--reads', 'note', '--faults', faults3),
      {
        cwd: places[0]!,
      },
    );
    expect(said(await reading.ended)).toBe('');
    expect(reading.stderr()).toMatch(
      /partition 30 of .*, it reads note, and .*note here is not the file .* tried again \(0 of/,
    );
    // That worker itself says so at once; a driver that is told looks every five seconds.
    const refusing = /refuses fails of .*: it reads note, and .*; it is looked at again/;
    expect([...workers].filter((one) => refusing.test(one.stderr()))).toHaveLength(1);
    expect(reading.stderr()).toMatch(/worker \d+ on .* doesn't work on this run: it is computed with kernel/);
    expect(await hashDataset(altered, false)).toBe(hash);
    expect(here.child.exitCode).toBeNull();
    expect(said(await worker(server.url, ['--idle', '1s']).ended)).toBe('');
  });

  it('carries states of any size: large ones in pieces, of which none stays', async () => {
    const server = await startServer();
    const redis = new Redis(server.url);
    const partition = { ensemble: 0, index: 3, first: 30, count: 10 };
    for (const length of [10, 999, 50_000]) {
      const outcome = { partition, state: Float64Array.from({ length }, Math.sqrt), counts: zeroCounts(), parts: [] };
      await leaveOutcome(redis, 'crackle:outcome:a:b', outcome, 4096);
      const fetched = (await fetchOutcome(redis, 'crackle:outcome:a:b'))!;
      expect(fetched.outcome).toEqual(outcome);
      expect(fetched.keys.toSorted()).toEqual((await redis.keys('*')).toSorted());
      for (const key of fetched.keys) expect(await redis.ttl(key)).toBeGreaterThan(3000);
      // One piece is lost with the server's memory: the partition is tried again.
      if (fetched.keys.length > 2) {
        await redis.del(fetched.keys[2]!);
        expect(await fetchOutcome(redis, 'crackle:outcome:a:b')).toBeUndefined();
      }
      await removeOutcome(redis, 'crackle:outcome:a:b');
      expect(await redis.keys('*')).toEqual([]);
    }
    await redis.quit();
  });

  it('says in a sentence what the server refuses, and keeps no connection to it', async () => {
    const users =
      '--user someone on >secret ~crackle:* +@all -@admin -hset --user other on >secret ~crackle:* +@all -@admin -eval -evalsha'.split(
        ' ',
      );
    const server = await startServer(users);
    const url = server.url.replace('//', '//someone:secret@');
    const refused = run('gaussian-avalanches', { widths: [16], depth: 50, valid: 100 }, { queue: url });
    await expect(refused).rejects.toThrow(
      /^the queue at redis:\/\/someone:\*\*\*@127.0.0.1:\d+ can't be used: .*no permissions to run the 'hset' command/,
    );
    await expect(refused).rejects.toBeInstanceOf(QueueError);
    // Later, when it is handed partitions.
    const late = run('gaussian-avalanches', { widths: [16], depth: 50 }, { queue: url.replace('someone', 'other') });
    await expect(late).rejects.toThrow(
      /^the queue at redis:\S+ can't be used: .*permissions to run the 'eval(sha)?' command/,
    );
    await expect(late).rejects.toBeInstanceOf(QueueError);
    const full = new Error("OOM command not allowed when used memory > 'maxmemory'.");
    expect(unusable(url, full).message).toMatch(/can't be used: it has no memory left \(maxmemory in its settings\)$/);
    const admin = new Redis(server.url);
    onTestFinished(async () => void (await admin.quit()));
    const theirs = async (): Promise<string[]> =>
      String(await admin.client('LIST'))
        .split('\n')
        .filter((line) => line.includes('user=someone'));
    expect(await theirs()).toEqual([]);
  });

  it('ends, driver and worker, when told to while the server is gone for good', async () => {
    const server = await startServer();
    const out = join(folder, 'gone');
    const working = worker(server.url, ['--drain', '0.1s']);
    const driver = start(words(out, '--queue', server.url, '--pause', '1500'));
    await until(() => parts(out) > 0, 'first parts');
    await server.end();
    // Connections are opened anew by now.
    await sleep(500);
    driver.child.kill('SIGINT');
    working.child.kill('SIGTERM');
    const [one, other] = await Promise.all([driver.ended, working.ended]);
    expect([one.code, one.stderr]).toEqual([130, expect.stringMatching(/interrupted; go on with: crackle resume /)]);
    expect([other.code, other.stderr]).toEqual([0, expect.stringContaining('leaves once 1 partitions are done')]);
  });

  it('says in a sentence that there is no queue', async () => {
    const nobody = await crackle(['worker', 'redis://user:secret@127.0.0.1:1']);
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toMatch(
      /^crackle: the queue at redis:\/\/user:\*\*\*@127.0.0.1:1 can't be used: the connection is refused$/m,
    );
    // One whose name isn't known yet is waited for where that is wanted, until the waiting is over, or the worker is to leave.
    const warned: string[] = [];
    const logger = { info: () => {}, warn: (text: string) => warned.push(text) };
    const nowhere = { url: 'redis://nowhere.invalid', logger };
    await expect(work(nowhere)).rejects.toThrow('there is no such host');
    expect(warned).toEqual([]);
    await expect(work({ ...nowhere, connectTimeout: 0.3 })).rejects.toThrow('there is no such host');
    expect(warned).toEqual([
      "the queue at redis://nowhere.invalid doesn't answer (there is no such host): waiting for it",
    ]);
    await work({ ...nowhere, connectTimeout: 600, signal: AbortSignal.timeout(300) });
    await expect(work({ ...nowhere, connectTimeout: Number.NaN })).rejects.toThrow('connectTimeout must be a number');
    expect((await crackle(['worker', 'http://x'])).stderr).toMatch(/^crackle: the queue must be given as redis:/);
    const locked = await startServer(['--requirepass', 'secret']);
    const refusal = async (url: string): Promise<string> =>
      String(await openRedis(url).catch(({ message }: Error) => message));
    expect(await refusal(locked.url)).toMatch(/can't be used: it asks for a password: redis:/);
    const known = locked.url.replace('//', '//:secret@');
    expect(await refusal(`${known}/99`)).toMatch(
      /^the queue at redis:.*\/99 can't be used: ERR DB index is out of range$/,
    );
    expect(await refusal(`${known}/a`)).toMatch(/^the database of a queue is a number, redis:.*, got a$/);
    expect(await refusal(known.replace('secret', 'other'))).toMatch(
      /can't be used: it knows no such user and password$/,
    );
    // A worker that would wait there for ever, and one that all others would take for dead.
    const replica = await startServer(['--replicaof', '127.0.0.1', '1']);
    await expect(work({ url: replica.url })).rejects.toThrow(
      /^the queue at redis:\S+ can't be used: it is a replica, which takes no writes: name its primary$/,
    );
    for (const heartbeat of [0.001, 2e6, Number.NaN])
      await expect(work({ url: replica.url, heartbeat })).rejects.toThrow(
        `heartbeat must be between 0.1 s and an hour, got ${heartbeat} s`,
      );
    const strangers: readonly [(socket: Socket) => void, string][] = [
      [(socket) => socket.resetAndDestroy(), 'it ends the connection, as one does that speaks TLS where '],
      [(socket) => socket.end('<html>'), 'what answers there is no Redis or Valkey'],
    ];
    for (const [answer, words] of strangers) {
      const stranger = createServer((socket) => socket.on('error', () => {}).once('data', () => answer(socket)));
      stranger.listen(0, '127.0.0.1');
      await once(stranger, 'listening');
      expect(await refusal(`redis://127.0.0.1:${(stranger.address() as AddressInfo).port}`)).toContain(words);
      stranger.close();
    }
  });
});
