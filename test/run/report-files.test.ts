import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resume, run, type Snapshot, verify } from 'crackle';
import { beforeAll, expect, it } from 'vitest';
import { remake } from '../../src/run/remake.ts';
import { manifestName, readManifest } from '../../src/store/folder.ts';
import { takeLock } from '../../src/store/lock.ts';
import { writeManifest } from '../../src/store/manifest.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const small = { widths: [16], depth: 30, valid: 300, alternatives: false, blocks: 4 };
const out = join(folder, 'drawn');

beforeAll(async () => {
  await run('gaussian-avalanches', small, { out, workers: 1 });
});

const copyOf = (name: string): string => {
  const copy = join(folder, name);
  cpSync(out, copy, { recursive: true });
  return copy;
};

const faults = async (of: string): Promise<string[]> =>
  (await verify(of)).damage.map(({ file, what }) => `${file} ${what}`).sort();

it('names findings, figures and a page that are not as they were made, until a report is made again', async () => {
  const { report = {}, files } = await readManifest(out);
  expect(Object.keys(report)).toEqual(
    expect.arrayContaining(['findings.json', 'report.html', 'figures/size-distribution.svg', 'figures/collapse.png']),
  );
  const listed = Object.keys({ ...files, ...report }).length;
  expect(await verify(out)).toMatchObject({ damage: [], files: listed });
  const copy = copyOf('edited');
  const at = (file: string): string => join(copy, file);
  writeFileSync(at('findings.json'), readFileSync(at('findings.json'), 'utf8').replace('N = 16', 'N = 61'));
  writeFileSync(at('figures/collapse.png'), readFileSync(at('figures/collapse.png')).fill(0, 200, 201));
  rmSync(at('figures/collapse.svg'));
  appendFileSync(at('report.html'), '\n');
  expect(await faults(copy)).toEqual([
    'figures/collapse.png is not as it was written: its checksum differs',
    'figures/collapse.svg is missing',
    'findings.json is not as it was written: its checksum differs',
    expect.stringMatching(/^report\.html has \d+ bytes, expected \d+$/),
  ]);
  for (const { advice } of (await verify(copy)).damage) expect(advice).toContain('crackle report');
  await remake(copy);
  expect(await verify(copy)).toMatchObject({ damage: [], files: listed });
});

it('lists what a report draws of a run that was made without figures, or listed none', async () => {
  const copy = copyOf('older');
  const { report: _, ...older } = await readManifest(copy);
  writeFileSync(join(copy, manifestName), writeManifest(older));
  appendFileSync(join(copy, 'report.html'), '\n');
  expect(await verify(copy)).toMatchObject({ damage: [], files: Object.keys(older.files).length });
  await remake(copy);
  appendFileSync(join(copy, 'report.html'), '\n');
  expect(await faults(copy)).toEqual([expect.stringContaining('report.html has')]);
});

it('holds a partial run to what it was told then, and one that goes on to nothing before its end', async () => {
  const cut = join(folder, 'cut');
  // So much that it isn't done before anyone is told of it; told are perturbations under way, too, which an interruption leaves out.
  const longer = { ...small, valid: 200_000 };
  const stop = new AbortController();
  const onSnapshot = ({ total }: Snapshot): void => {
    if (total.valid > 10_000) stop.abort();
  };
  await run('gaussian-avalanches', longer, { out: cut, workers: 1, figures: false, signal: stop.signal, onSnapshot });
  expect(await faults(cut)).toEqual([]);
  appendFileSync(join(cut, 'findings.json'), '\n');
  expect(await faults(cut)).toEqual([expect.stringContaining('findings.json has')]);
  let during: string[] | undefined;
  await resume(cut, {
    workers: 1,
    onFound: async () => {
      during = await faults(cut);
    },
  });
  expect(during).toEqual([]);
  expect(await faults(cut)).toEqual([]);
});

it('names the last run of a folder that holds runs, and draws no shard', async () => {
  const shard = join(folder, 'shard');
  await run('gaussian-avalanches', small, { out: shard, workers: 1, shard: { index: 1, of: 2 } });
  const runs = `${folder} is not a run folder: it has no manifest.json; there are runs in it, the last one is ${shard}`;
  for (const use of [verify, remake, resume]) await expect(use(folder)).rejects.toThrow(runs);
  await expect(remake(shard)).rejects.toThrow(`${shard} is shard 1/2: merge all of them first`);
  expect(existsSync(join(shard, 'report.html'))).toBe(false);
});

it('is not drawn where another process writes into the folder', async () => {
  const copy = copyOf('locked');
  const before = readFileSync(join(copy, manifestName), 'utf8');
  rmSync(join(copy, 'report.html'));
  const lock = await takeLock(copy);
  await expect(remake(copy)).rejects.toThrow('is being written by process');
  await lock.release();
  expect(existsSync(join(copy, 'report.html'))).toBe(false);
  expect(readFileSync(join(copy, manifestName), 'utf8')).toBe(before);
});
