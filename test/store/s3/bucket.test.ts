import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadPipeline, pipelineUrl } from '../../../src/flow/load.ts';
import { type DataSource, openSource } from '../../../src/recording/source.ts';
import type { RunOptions, RunResult } from '../../../src/run/options.ts';
import { remake } from '../../../src/run/remake.ts';
import { resume } from '../../../src/run/resume.ts';
import { run } from '../../../src/run/run.ts';
import { folderName, parseAddress } from '../../../src/store/address.ts';
import { manifestName, readManifest } from '../../../src/store/folder.ts';
import { openBucket } from '../../../src/store/s3/bucket.ts';
import { takeLease } from '../../../src/store/s3/lease.ts';
import { verify } from '../../../src/store/verify.ts';
import { type Ended, root, type StartOptions, start } from '../../cli/crackle.ts';
import { serverProgram, startServer as startQueue } from '../../queue/server.ts';
import { temporaryFolder } from '../../run/temporary.ts';
import { hashDataset } from '../hash-dataset.ts';
import { startStandIn } from './stand-in.ts';

const folder = temporaryFolder();
const pipeline = join(root, 'test/fixtures/pipelines/fails.ts');
const address = 's3://bucket/a run';
const words = (out: string, ...more: string[]): string[] => [
  'run', pipeline, '--widths', '16', '--depth', '20', '--perturbations', '320', '--memory', folder, '--record', 'avalanche', '--no-figures',
  '--progress', 'none', '--workers', '1', '--out', out, ...more,
]; // biome-ignore format: words

type Server = Awaited<ReturnType<typeof startStandIn>>;

async function startServer(...how: Parameters<typeof startStandIn>): Promise<Server & { options: StartOptions }> {
  const server = await startStandIn(...how);
  onTestFinished(() => server.end());
  for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { AWS_PROFILE: _, ...env } = process.env;
  return { ...server, options: { env: { ...env, ...server.env } } };
}

/** What a copy of all objects under an address comes to. */
function copied({ objects }: Server, name: string): string {
  const to = join(folder, name);
  for (const [key, { content }] of objects) {
    if (key.endsWith('/')) continue;
    const file = join(to, key.slice('a run/'.length));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return to;
}

/** A run in this process. */
const values = { widths: [16], depth: 20, perturbations: 320 };
/** Errors and alternatives are not what is looked at. */
const quick = { ...values, alternatives: false, blocks: 4 };
const written = (out: string, more: RunOptions = {}): Promise<RunResult> =>
  run('gaussian-avalanches', quick, { out, record: ['avalanche'], figures: false, workers: 1, ...more });

const said = ({ code, stderr }: Ended): string => (code === 0 ? '' : `code ${code}: ${stderr}`);

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 30_000) throw new Error('waited in vain');
    await sleep(10);
  }
}

describe('the address of a bucket', () => {
  it('names a bucket and a path in it, and nothing above it', () => {
    expect(parseAddress('s3://bucket/some/path/')).toEqual({ bucket: 'bucket', prefix: 'some/path' });
    expect(folderName('s3://bucket/some/path/')).toBe('s3://bucket/some/path');
    expect(parseAddress('s3://bucket', true)).toEqual({ bucket: 'bucket', prefix: '' });
    for (const wrong of ['s3://bucket', 's3://bucket/', 's3:///path', 's3://bucket/a/../b', 's3://bucket//a'])
      expect(() => parseAddress(wrong), wrong).toThrow('s3://bucket/path');
  });
});

describe('a server with trouble', () => {
  it('is one whose endpoint is no URL', () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('AWS_ENDPOINT_URL', 'https://s3.example.org');
    vi.stubEnv('AWS_ENDPOINT_URL_S3', '');
    expect(openBucket('s3://bucket').url).toBe('s3://bucket');
    for (const wrong of ['127.0.0.1:9000', 'nonsense', 'ftp://host/', 'key:secret@host:9000']) {
      vi.stubEnv('AWS_ENDPOINT_URL_S3', wrong);
      const shown = wrong.replace('key:secret', '***');
      const words = `AWS_ENDPOINT_URL_S3 must be a URL such as https://s3.example.org, got ${shown}`;
      expect(() => openBucket(address)).toThrow(words);
    }
  });

  it('is asked again where an answer is cut off or never comes, and waited for where it has answered before', async () => {
    const server = await startServer();
    const troubles = (...ones: ('reset' | 'cut' | 'hang')[]): void => server.setTrouble(() => ones.shift());
    const away = Array<'reset'>(13).fill('reset'); // six tries each time
    const warnings: string[] = [];
    const bucket = openBucket(address, { silence: 300, patience: 30_000, warn: (text) => void warnings.push(text) });
    troubles(...away);
    await expect(bucket.put('text', 'all of it')).rejects.toThrow(
      `cannot write ${address}/text: the server cut the connection (ECONNRESET)`,
    );
    troubles();
    await bucket.put('text', 'all of it');
    troubles('cut', 'hang');
    expect(await bucket.get('text')).toEqual({ text: 'all of it' });
    expect(warnings).toEqual([]);
    troubles(...away);
    expect(await bucket.get('text')).toEqual({ text: 'all of it' });
    expect(warnings).toEqual([
      `${address} can't be used now: the server cut the connection (ECONNRESET); it is tried again for 30 s`,
    ]);
  });
});

describe('a run in a bucket', () => {
  let hash: string;
  beforeAll(async () => {
    const out = join(folder, 'local');
    await written(out);
    hash = await hashDataset(out);
  });

  it('has the objects that a folder has as files, which are read where they are, and leaves nothing else there or here', async () => {
    const server = await startServer();
    const mine = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`crackle-s3-${process.pid}-`));
    // As consoles make what they call folders.
    for (const key of ['a run/', 'a run/avalanche/'])
      server.objects.set(key, { content: Buffer.alloc(0), sha256: '', put: new Date() });
    expect((await written(address)).folder).toBe(address);
    const copy = copied(server, 'whole');
    expect(await hashDataset(copy)).toBe(hash);
    const { files } = await readManifest(copy);
    expect([...server.objects.keys()].map((key) => key.slice('a run/'.length)).sort()).toEqual(
      ['', 'avalanche/', ...Object.keys(files), 'findings.json', manifestName].sort(),
    );

    const path = Object.keys(files).find((each) => each.includes('/'))!;
    for (const [name, isRun] of [
      [address, true],
      [`${address}/${path}`, false],
    ] as const) {
      const sources = [name, name.replace(address, copy)].map((from) => openSource(from));
      const [there, here] = (await Promise.all(sources)) as [DataSource, DataSource];
      expect(there.isRun).toBe(isRun);
      const rows = async (source: DataSource): Promise<unknown[]> => {
        const chunks: unknown[] = [];
        for await (const chunk of source.chunks(source.columns.slice(0, 3))) chunks.push(chunk.columns);
        await source.close();
        return chunks;
      };
      expect(await rows(there)).toEqual(await rows(here));
    }
    for (const none of [`${address}/none.csv`, 's3://bucket/none.csv'])
      await expect(openSource(none)).rejects.toThrow(`${none} is neither a run folder nor an object`);
    await expect(verify('s3://bucket/none')).rejects.toThrow('there is nothing in s3://bucket/none');
    server.objects.set('top.csv', { content: Buffer.from('a\n7\n'), sha256: '', put: new Date() });
    const top = await openSource('s3://bucket/top.csv');
    for await (const { columns } of top.chunks(['a'])) expect([...columns.a!]).toEqual([7]);
    await top.close();
    server.objects.delete('top.csv');
    expect(mine()).toEqual([]);

    expect((await verify(address)).damage).toEqual([]);
    expect(await remake(address)).toContain(`${address}/report.html`);
    expect(await verify(address)).toMatchObject({ damage: [], status: 'complete' });
    const page = server.objects.get('a run/report.html')!;
    server.objects.set('a run/report.html', { ...page, content: page.content.subarray(1) });
    expect((await verify(address)).damage).toMatchObject([{ file: 'report.html' }]);
    await remake(address);
    expect((await verify(address)).damage).toEqual([]);
    const kept = server.objects.get(`a run/${path}`)!;
    const flipped = Buffer.from(kept.content);
    flipped[40]! ^= 1;
    server.objects.set(`a run/${path}`, { ...kept, content: flipped });
    expect((await verify(address)).damage).toMatchObject([
      { file: path, what: 'is not as it was written: its checksum differs' },
    ]);
    await expect(written(address)).rejects.toThrow(
      `${address} already holds a run of gaussian-avalanches (status complete)`,
    );
    const damaged = await openSource(address);
    const readAll = async (): Promise<void> => {
      for await (const chunk of damaged.chunks(['size'])) expect(chunk.rows).toBeGreaterThan(0);
    };
    await expect(readAll()).rejects.toThrow(`${address} is damaged: ${path} is not as it was written`);
    await damaged.close();
    await expect(written('s3://other/run')).rejects.toThrow('there is no such bucket (NoSuchBucket)');
  });

  it('goes on after its driver was killed, from a lock that is dead; one that lives is refused; same bits', async () => {
    const server = await startServer();
    const cut = start(words(address, '--pause', '40'), server.options);
    await until(() => [...server.objects.keys()].filter((key) => key.includes('/part-')).length >= 2);
    await expect(resume(address, { pipeline })).rejects.toThrow(/is being written by process \d+/);
    cut.child.kill('SIGKILL');
    await cut.ended;
    // What a worker left, what came after the checkpoint, and what is somebody's own.
    const stray = { content: Buffer.from('x'), sha256: '', put: new Date() };
    server.objects.set('a run/.unfinished/avalanche-part-0000-00000.parquet.1.tmp', stray);
    server.objects.set('a run/avalanche/part-0009-00000.parquet', stray);
    server.objects.set('a run/avalanche/notes.txt', stray);
    await resume(address, { pipeline, figures: false, workers: 1 });
    expect(server.objects.get('a run/avalanche/notes.txt')).toBe(stray);
    expect([...server.objects.keys()].filter((key) => /unfinished|run\.lock|part-0009|journal/.test(key))).toEqual([]);
    const local = join(folder, 'fails');
    const named = await loadPipeline(pipelineUrl(pipeline));
    await run(
      named,
      { ...values, memory: folder, pause: 40 },
      { out: local, record: ['avalanche'], figures: false, workers: 1 },
    );
    const resumed = copied(server, 'resumed');
    expect(await hashDataset(resumed)).toBe(await hashDataset(local));
    expect((await readManifest(resumed)).builds).toEqual([readFileSync(join(root, 'dist/build.txt'), 'utf8')]);
  });

  it('says so where its lock is gone, which another process needn’t have taken', async () => {
    const { objects } = await startServer();
    const lease = await takeLease(openBucket(address));
    onTestFinished(() => lease.release());
    const lock = objects.get('a run/run.lock-000001')!;
    objects.delete('a run/run.lock-000001');
    await expect(lease.check()).rejects.toThrow(
      `${address} has no lock any more: run.lock-000001 was removed by hand, or by another process that took it over and has ended`,
    );
    objects.set('a run/run.lock-000002', lock);
    await expect(lease.check()).rejects.toThrow(`${address} was taken over by another process`);
  });

  it('stops with one sentence where the server refuses a part, and can be resumed', async () => {
    const server = await startServer();
    server.setTrouble((method, key) => (method === 'PUT' && key.endsWith('part-0000-00001.parquet') ? 403 : undefined));
    await expect(written(address)).rejects.toThrow(
      `cannot write ${address}/avalanche/part-0000-00001.parquet: access is denied to these credentials (AccessDenied)`,
    );
    server.setTrouble(undefined);
    await resume(address, { figures: false, workers: 1 });
    expect(await hashDataset(copied(server, 'refused'))).toBe(hash);
  });

  it('outlasts a server that asks to slow down, and says where one has no conditional writes', async () => {
    const server = await startServer({ conditional: false });
    let asked = 0;
    server.setTrouble((method) => (method === 'PUT' && ++asked % 5 === 0 ? 503 : undefined));
    const warnings: string[] = [];
    await written(address, { logger: { info() {}, debug() {}, warn: (text: string) => void warnings.push(text) } });
    expect(warnings.join()).toContain('has no conditional writes');
    expect(await hashDataset(copied(server, 'slow'))).toBe(hash);
  });

  it('is merged with another from their addresses, into a folder of the usual name', async () => {
    const server = await startServer();
    const addresses = [1, 2].map((seed) => `s3://bucket/seed-${seed}`);
    for (const [i, out] of addresses.entries()) await written(out, { seed: i + 1, keepState: true, record: [] });
    const { options } = server;
    const merging = start(['merge', ...addresses, '--no-figures', '--workers', '1'], { ...options, cwd: folder });
    expect(said(await merging.ended)).toBe('');
    const merged = join(folder, 'output', 'gaussian-avalanches');
    const [time] = readdirSync(merged);
    const { counts } = await readManifest(join(merged, time!));
    expect(counts.perturbations).toBe(2 * values.perturbations);
  });

  it.skipIf(serverProgram === undefined)('has its parts put there by the workers of a queue', async () => {
    const server = await startServer();
    const queue = await startQueue();
    onTestFinished(() => queue.end());
    const workers = [1, 2].map(() => start(['worker', queue.url, '--slots', '1'], server.options));
    await written(address, { queue: queue.url }).finally(() => {
      for (const { child } of workers) child.kill('SIGTERM');
    });
    expect(await hashDataset(copied(server, 'queued'))).toBe(hash);
    const puts = server.requests.filter((one) => one.startsWith('PUT a run/.unfinished/avalanche-part-'));
    const parts = [...server.objects.keys()].filter((key) => key.includes('/part-'));
    expect(puts.length).toBeGreaterThanOrEqual(parts.length);
    expect([...server.objects.keys()].filter((key) => key.includes('.unfinished'))).toEqual([]);
    expect((await Promise.all(workers.map(({ ended }) => ended))).map(said)).toEqual(['', '']);
  });
});
