import { join } from 'node:path';
import { mergeRuns, resume, run } from 'crackle';
import { beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/store/folder.ts';
import { verify } from '../../src/store/verify.ts';
import { inProcess } from '../cli/in-process.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { smallDisk } from './small-disk.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const small = { widths: [16, 24], depth: 30, valid: 400, alternatives: false, blocks: 4 };
const how = { workers: 1, figures: false, record: ['avalanche'], partitionSize: 40 };

describe('shards of a run', () => {
  let hash: string;
  beforeAll(async () => {
    await run('gaussian-avalanches', small, { ...how, out: at('whole') });
    hash = await hashDataset(at('whole'));
    for (const index of [1, 2, 3]) {
      const shard = { index, of: 3 };
      // One of them is interrupted and goes on.
      if (index === 2) {
        const signal = AbortSignal.abort();
        const first = await run('gaussian-avalanches', small, { ...how, shard, out: at('shard-2'), signal });
        expect(first.status).toBe('partial');
        await resume(at('shard-2'), { workers: 1, figures: false });
      } else await run('gaussian-avalanches', small, { ...how, shard, out: at(`shard-${index}`) });
    }
  });
  const shards = (...indices: number[]): string[] => indices.map((index) => at(`shard-${index}`));

  it('merge into the very run that was not shared out, recorded parts and all', async () => {
    await mergeRuns(shards(3, 1, 2), { out: at('merged'), figures: false });
    expect(await hashDataset(at('merged'))).toBe(hash);
    const { counts, shard } = await readManifest(at('merged'));
    expect({ counts, shard }).toEqual({ counts: (await readManifest(at('whole'))).counts, shard: undefined });
    expect((await verify(at('merged'))).damage).toEqual([]);
    expect((await verify(at('shard-1'))).damage).toEqual([]);
  });

  it('merge with a signal and progress, as any run: cut off, it is resumed to the same bits', async () => {
    const fractions: number[] = [];
    const onSnapshot = ({ fraction }: { fraction: number }) => void fractions.push(fraction);
    const all = { out: at('cut'), figures: false, workers: 1, onSnapshot, signal: AbortSignal.abort() };
    expect((await mergeRuns(shards(1, 2, 3), all)).status).toBe('partial');
    expect(fractions.length).toBeGreaterThan(0);
    await resume(at('cut'), { workers: 1, figures: false });
    expect(await hashDataset(at('cut'))).toBe(hash);
  });

  it('say where the disk of their merge is full what is left there, and how to go on', async ({ skip }) => {
    const disk = smallDisk(at('disk'), 16) ?? skip('no small disk');
    await expect(mergeRuns(shards(1, 2, 3), { out: join(disk, 'merged'), figures: false })).rejects.toThrow(
      /^cannot \w+ .*no space is left on the device \(ENOSPC\); make room, remove .*disk\/merged, a merge that was cut off, and merge again: the shards are as they were \(crackle resume/,
    );
  });

  it('merge on the command line, which tells how far it is', async () => {
    const words = ['merge', ...shards(1, 2, 3), '--out', at('told'), '--no-figures'];
    const { code, stderr } = await inProcess([...words, '--workers', '1', '--progress', 'json', '--log-level', 'warn']);
    expect([code, JSON.parse(stderr.trim().split('\n').at(-1)!)]).toMatchObject([0, { fraction: 1 }]);
    expect(await hashDataset(at('told'))).toBe(hash);
    const help = (await inProcess(['merge', '--help'])).stdout.toString();
    expect(help).toMatch(/all\s+shards of a run/);
  });

  it('are named where they are missing, there twice or of another run', async () => {
    const merge = (...folders: string[]) => mergeRuns(folders, {});
    await expect(merge(...shards(1, 3))).rejects.toThrow(
      /^shard 2\/3 is missing: .*shard-1 is one of 3 shards of a run, which are merged all at once$/,
    );
    await expect(merge(...shards(1, 1, 2))).rejects.toThrow(/shard-1 and .*shard-1 are both shard 1\/3$/);
    const shard = { index: 2, of: 3 };
    await run('gaussian-avalanches', small, {
      ...how,
      seed: 2,
      shard,
      out: at('foreign'),
      signal: AbortSignal.abort(),
    });
    await expect(merge(at('shard-1'), at('foreign'))).rejects.toThrow(
      /foreign is a shard of another run .*: the seed differs$/,
    );
    await expect(merge(at('whole'), at('shard-1'))).rejects.toThrow(
      /shard-1 is a shard: shards are merged with each other only/,
    );
    await expect(run('gaussian-avalanches', small, { shard: { index: 4, of: 3 }, out: at('none') })).rejects.toThrow(
      /^a shard must be one of 1\/n to n\/n, got 4\/3$/,
    );
  });
});

describe('a complete run that goes on to more', () => {
  it('has the bits of the bigger run at once', async () => {
    const options = { ...how, partitionSize: 100, keepState: true };
    await run('gaussian-avalanches', { ...small, valid: 900 }, { ...options, out: at('big') });
    await run('gaussian-avalanches', { ...small, valid: 300 }, { ...options, out: at('small') });
    const { status } = await resume(at('small'), { workers: 1, figures: false, extend: { valid: 900 } });
    expect(status).toBe('complete');
    expect(await hashDataset(at('small'))).toBe(await hashDataset(at('big')));
    expect((await verify(at('small'))).damage).toEqual([]);
  });

  it('says why it can’t', async () => {
    const more = (name: string, extend: object) => resume(at(name), { workers: 1, extend });
    await expect(more('whole', { valid: 900 })).rejects.toThrow(/whole kept no states to go on from/);
    await expect(more('small', { valid: 5 })).rejects.toThrow(/came to 900 valid: it can go on to more, not to 5$/);
    await expect(more('small', { perturbations: 5 })).rejects.toThrow(
      /without a limit of perturbations: it can go on to more/,
    );
    await expect(more('shard-1', { valid: 900 })).rejects.toThrow(/shard-1 is shard 1\/3: merge all of them first$/);
  });
});
