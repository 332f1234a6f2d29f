import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { crackle, type Ended, start } from '../cli/crackle.ts';
import { writeImages } from '../learning/idx-files.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { serverProgram, startServer } from './server.ts';

if (serverProgram === undefined) console.log('skipped: networks in step on a queue: no redis-server or valkey-server');

const folder = temporaryFolder();
const said = ({ code, stderr }: Ended): string => (code === 0 ? '' : `code ${code}: ${stderr}`);

describe.skipIf(serverProgram === undefined)('networks that train in step on a queue (needs a server)', () => {
  it('are taken by a worker together, begin anew without the others where it is killed, tell how far they are, and have the bits of networks alone', async () => {
    const server = await startServer();
    onTestFinished(() => server.end());
    const { images, labels } = writeImages(folder, 160);
    const words = (out: string, together: number, ...more: string[]): string[] => [
      'run', 'trainability', '--backend', 'wasm', '--together', `${together}`, '--images', images, '--labels', labels, '--batch', '16',
      '--batches', '10', '--width', '12', '--depth', '6', '--epochs', '160', '--runs', '2', '--weight-variances', '1,2', '--bias-variances', '0',
      '--no-figures', '--out', join(folder, out), ...more,
    ]; // biome-ignore format: words
    const worker = () => {
      const started = start(['worker', server.url, '--slots', '1', '--heartbeat', '0.5s']);
      onTestFinished(async () => {
        started.child.kill('SIGKILL');
        await started.ended;
      });
      return started;
    };
    expect(said(await crackle(words('alone', 1, '--workers', '1', '--progress', 'none')))).toBe('');

    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    /** Networks that workers are at. */
    const active = async (): Promise<number> => {
      const [list] = await redis.keys('crackle:partitions-*:active');
      return list === undefined ? 0 : redis.llen(list);
    };
    const first = worker();
    const driver = start(words('queue', 3, '--queue', server.url, '--progress', 'json'));
    await expect.poll(active, { timeout: 60_000, interval: 20 }).toBe(3);
    // None is done, and yet something is told of them.
    const shares = (): number[] =>
      [...driver.stderr().matchAll(/"fraction":([0-9.e-]+)/g)].map(([, share]) => Number(share));
    await expect.poll(() => shares().some((share) => share > 0 && share < 1 / 4), { timeout: 60_000 }).toBe(true);
    first.child.kill('SIGKILL');
    worker();
    expect(said(await driver.ended)).toBe('');
    const lost = [...driver.stderr().matchAll(/(partition \d+ of ensemble \d+).*is tried again/g)].map(
      ([, one]) => one,
    );
    expect(new Set(lost).size).toBe(3);
    expect(lost).toHaveLength(3);
    expect(await hashDataset(join(folder, 'queue'), false)).toBe(await hashDataset(join(folder, 'alone'), false));
  });
});
