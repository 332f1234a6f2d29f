import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { arithmetic } from '../../src/queue/arithmetic.ts';
import { queueExecutor } from '../../src/queue/driver.ts';
import { driverKey, offersKey } from '../../src/queue/keys.ts';
import { encodeOffer, type Offer } from '../../src/queue/offer.ts';
import { errorOf } from '../../src/queue/outcome.ts';
import { closeRedis, openRedis } from '../../src/queue/redis.ts';
import { openSessions } from '../../src/queue/sessions.ts';
import { digest } from '../../src/store/digest.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { serverProgram, startServer } from './server.ts';

if (serverProgram === undefined) console.log('skipped: tests of queues need redis-server or valkey-server on the path');

const folder = temporaryFolder();

it.skipIf(serverProgram === undefined)(
  'are taken up once a file is as it is there, and not where only another start of the worker helps',
  async () => {
    const server = await startServer();
    onTestFinished(() => server.end());
    const redis = await openRedis(server.url);
    const note = join(folder, 'note');
    const lines: string[] = [];
    const say = (text: string): void => void lines.push(text);
    const logger = { info: say, warn: say };
    const sessions = openSessions({ redis, pipelines: [], slots: 1, heartbeat: 1, silence: 60, again: 100, logger });
    onTestFinished(async () => {
      await sessions.close();
      await closeRedis(redis);
    });
    const ours = await arithmetic();
    const offer: Offer = {
    session: 'reads', run: '', pipeline: 'known-exponents', inputs: { [note]: digest('as it is there') }, values: {}, seed: 1, record: [],
    records: [], priority: 0, driver: 'there 1', arithmetic: ours,
  }; // biome-ignore format: fields
    const unlike = { ...offer, session: 'unlike', inputs: {}, arithmetic: { ...ours, kernel: 'other' } };
    // A file that takes for ever to be read.
    const slow = join(folder, 'slow');
    execFileSync('mkfifo', [slow]);
    const long = { ...offer, session: 'long', inputs: { [slow]: digest('') } };
    for (const one of [long, offer, unlike]) {
      await redis.hset(offersKey, one.session, encodeOffer(one));
      await redis.set(driverKey(one.session), '');
    }
    const began = performance.now();
    expect(await sessions.look()).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(Object.keys(sessions.refuses).sort()).toEqual(['reads', 'unlike']);
    expect(await sessions.look()).toBe(false);
    const until = async (condition: () => boolean): Promise<void> => {
      for (let waited = 0; !condition() && waited < 30_000; waited += 20) {
        await sleep(20);
        await sessions.look();
      }
    };
    writeFileSync(note, 'something else');
    await until(() => lines.some((line) => line.includes('not the file')));
    writeFileSync(note, 'as it is there');
    await until(() => sessions.serves.length > 0);
    expect(sessions.serves).toEqual(['reads']);
    expect(Object.keys(sessions.refuses)).toEqual(['unlike']);
    const end = openSync(slow, constants.O_RDWR | constants.O_NONBLOCK);
    expect(sessions.serves).not.toContain('long');
    closeSync(end);
    await until(() => sessions.serves.includes('long'));
    const [unfit, missing, other, works] = lines.map((line) => line.replace(folder, '…')).sort();
    expect(unfit).toMatch(/^refuses known-exponents of there 1: it is computed with kernel other, .* chooses one\)$/);
    const again = '; it is looked at again, now and then';
    expect(missing).toBe(`refuses known-exponents of there 1: it reads …/note, which is not here${again}`);
    expect(other).toBe(
      `refuses known-exponents of there 1: it reads …/note, which is not the file here that it is there${again}`,
    );
    expect(works).toContain('works on known-exponents of there 1');
    expect(lines).toHaveLength(5);
  },
);

it('are told of a worker that was silent in no words of the queue’s own', () => {
  expect(errorOf('job stalled more than allowable limit').message).toBe('its worker gave no sign of life any more');
});

it.skipIf(serverProgram === undefined)('say of a server without memory that it has none left', async () => {
  const server = await startServer('--maxmemory 1 --maxmemory-policy noeviction'.split(' '));
  onTestFinished(() => server.end());
  const offered = { run: '', pipeline: 'known-exponents', values: {}, seed: 1, record: [], records: [], priority: 0 };
  await expect(queueExecutor(offered, { url: server.url })).rejects.toThrow(
    /can't be used: it has no memory left \(maxmemory in its settings\)$/,
  );
});
