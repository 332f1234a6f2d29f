import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { digest } from '../../src/store/digest.ts';
import { EntryList } from '../../src/store/entry-list.ts';
import { Streamed } from '../../src/store/json-pieces.ts';
import { listingOf, streamedListing } from '../../src/store/listing.ts';
import { type Manifest, saveManifest, writeManifest } from '../../src/store/manifest.ts';
import { parseManifest } from '../../src/store/parse-manifest.ts';
import { partPath, stateFolder, statePath } from '../../src/store/part-path.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();

const head: Omit<Manifest, 'tables' | 'files'> = {
  format: 'crackle-dataset',
  format_version: 2,
  status: 'running',
  run: 'one',
  parquet: 'portable',
  pipeline: 'gaussian-avalanches',
  module: undefined!,
  parameters: { widths: [128, 256], 'given "ö"': { to: Infinity, nothing: {}, none: [] }, of: [] },
  seed: 1,
  kernel: 'simd',
  record: ['signal', 'avalanche'],
  crackle: '0.0.0',
  node: 'v20',
  platform: 'linux',
  cpu: 'x',
  cores: 2,
  started: '2026-01-01T00:00:00.000Z',
  ended: null,
  wall_seconds: 1.5,
  counts: { valid: 3 },
  committed: 3,
};

/** What lists partitions of two ensembles in turn, as they are committed, with the states of a shard. */
function listed(count: number) {
  const journal = new EntryList();
  for (let n = 0; n < count; n++) {
    const [ensemble, index] = [n % 2, Math.floor(n / 2)];
    const written = { rows: n, bytes: 10 * n, sha256: digest(`${n}`) };
    journal.push({
      ensemble,
      index,
      parts: [
        { table: 'avalanche', path: partPath('avalanche', ensemble, index), ...written },
        { table: stateFolder, path: statePath(ensemble, index), ...written },
      ],
    });
  }
  const sha256 = digest('');
  const results = new Map([['fit', { table: 'fit', path: 'fit.parquet', rows: 1, bytes: 2, sha256 }]]);
  return { record: head.record, journal, results, states: { bytes: 5, sha256 } };
}

it.each([0, 1, 500])('lists %i partitions as JSON.stringify does', async (count) => {
  const manifest: Manifest = { ...head, ...listingOf(listed(count)), report: {} };
  const replacer = (_: string, value: unknown) => (value === Infinity ? 'Infinity' : value);
  const sha256 = digest(JSON.stringify(manifest, replacer));
  const expected = `${JSON.stringify({ ...manifest, sha256 }, replacer, 2)}\n`;
  expect(writeManifest(manifest)).toBe(expected);
  const path = join(folder, 'manifest.json');
  await saveManifest(path, { ...head, ...streamedListing(listed(count)), report: {} }, {});
  expect(readFileSync(path, 'utf8')).toBe(expected);
  const { tables, files } = parseManifest(expected, path);
  const indices = (ensemble: number): number => Math.ceil((count - ensemble) / 2);
  const inOrder = [0, 1].flatMap((l) =>
    Array.from({ length: indices(l) }, (_, index) => partPath('avalanche', l, index)),
  );
  expect(tables.avalanche!.parts).toEqual(inOrder);
  expect(tables.signal).toMatchObject({ rows: 0, bytes: 0, parts: [] });
  expect(Object.keys(files)).toHaveLength(2 * count + 2);
});

it('has no more of a long list in memory than a piece', async () => {
  const [path, temporary] = ['manifest.json', 'unfinished'].map((name) => join(folder, name)) as [string, string];
  let made = 0;
  let most = 0;
  function* files() {
    for (let n = 0; n < 5000; n++) {
      const path = partPath('avalanche', 0, n);
      const entry = { rows: n, bytes: n, sha256: digest('') };
      made += path.length + JSON.stringify(entry).length;
      most = Math.max(most, made - (statSync(temporary, { throwIfNoEntry: false })?.size ?? 0));
      yield [path, entry] as const;
    }
  }
  await saveManifest(path, { ...head, tables: {}, files: new Streamed('{}', files()) }, { temporary });
  expect(made).toBeGreaterThan(500_000);
  expect(most).toBeLessThan(100_000);
});
