import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineTable, imprintOf, openRun, type RunManifest, readMetadata, repair, run, writeTable } from 'crackle';
import { expect, it } from 'vitest';
import { loadPipeline } from '../../src/flow/load.ts';
import { readManifest } from '../../src/store/folder.ts';
import { writeManifest } from '../../src/store/manifest.ts';
import { root } from '../cli/crackle.ts';
import { inProcess } from '../cli/in-process.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { gaussianFile } from '../trained/gaussian-file.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const quick = { workers: 1, figures: false };
const small = { widths: [16], depth: 20, valid: 100, alternatives: false, blocks: 4 };

const parametersIn = (manifest: RunManifest, of?: 'part' | 'table'): Record<string, unknown> =>
  JSON.parse(imprintOf(manifest, of)['crackle.parameters']!) as Record<string, unknown>;

it('tells in place of paths what the run read there', async () => {
  const weights = [1, 2].map((seed) => gaussianFile(8, 3, 1, seed, at(`of-alice-${seed}.safetensors`)));
  const layers = ['layers.*.weight'];
  await run('trained-avalanches', { weights, layers }, { ...quick, out: at('first'), signal: AbortSignal.abort() });
  const first = await readManifest(at('first'));
  const { inputs } = first;
  expect(Object.keys(inputs!)).toEqual(weights);
  const told = parametersIn(first);
  expect(told.weights).toEqual(weights.map((path) => `sha256:${inputs![path]}`));
  expect(told.layers).toEqual(layers);
  expect(JSON.stringify(imprintOf(first))).not.toContain('alice');
  // The same content elsewhere is told as the same; of a folder what is in it, of an array in a file its name.
  const [one, two] = Object.values(inputs!) as [string, string];
  const moved = (parameters: object, files: object): Record<string, unknown> =>
    parametersIn({
      ...first,
      parameters: parameters as RunManifest['parameters'],
      inputs: files as Record<string, string>,
    });
  expect(moved({ weights: ['/b/1', './2'] }, { '/b/1': one, 2: two }).weights).toEqual(told.weights);
  expect(moved({ weights: ['of-alice/'] }, { 'of-alice/x.npy': one, 'of-alice/y.npy': two }).weights).toEqual(
    moved({ weights: ['/mnt/w'] }, { '/mnt/w/y.npy': two, '/mnt/w/x.npy': one }).weights,
  );
  expect(moved({ around: 'x/data.npz:test' }, { 'x/data.npz': one }).around).toBe(`sha256:${one}:test`);
  const elsewhere = ['/a', '~/a', './a', '../a', 'C:\\a', 's3://key:secret@host/a'];
  expect(moved({ elsewhere }, {}).elsewhere).toEqual(elsewhere.map(() => '(path)'));
});

it('tells no file that a pipeline of one’s own does not list, and the same of the run wherever it lies', async () => {
  const { module, ...own } = await loadPipeline(pathToFileURL(join(root, 'test/fixtures/pipelines/fails.ts')).href);
  for (const name of ['of-alice', 'of-bob']) {
    const values = { widths: [8], depth: 8, perturbations: 20, memory: at(`${name}.d`) };
    await run(own, values, { ...quick, out: at(name), record: ['avalanche'] });
  }
  expect(await hashDataset(at('of-alice'))).toBe(await hashDataset(at('of-bob')));
  const part = at('of-alice/avalanche/part-0000-00000.parquet');
  const told = await readMetadata(part);
  expect(JSON.parse(told['crackle.parameters']!)).toMatchObject({ memory: '(path)', depth: 8 });
  // Of a file its content is told, too, and not where it lies.
  const inFile = imprintOf({ ...(await readManifest(at('of-alice'))), module: module!, module_sha256: 'ab' }, 'part');
  expect(inFile).toEqual({ ...imprintOf(await readManifest(at('of-bob')), 'part'), 'crackle.pipeline_sha256': 'ab' });
  for (const file of [part, at('of-alice/ensemble.parquet')])
    expect(readFileSync(file).includes('of-alice')).toBe(false);
});

it('is read back by describe, and goes into tables of one’s own', async () => {
  await run('gaussian-avalanches', small, { ...quick, out: at('run'), seed: 7, keepState: true });
  const { manifest } = await openRun(at('run'));
  renameSync(at('run/scaling.parquet'), at('mailed.parquet'));
  const { stdout } = await inProcess(['describe', at('mailed.parquet')]);
  expect(stdout.toString()).toMatch(/^scaling \(version \d+\), \d+ rows: /);
  expect(stdout.toString().replace(/\s+/g, ' ')).toContain(
    `Of a run of gaussian-avalanches by crackle ${manifest.crackle}, seed 7, with widths 16 · depth 20 · `,
  );
  const told = JSON.parse((await inProcess(['describe', at('mailed.parquet'), '--json'])).stdout.toString());
  expect(told).toMatchObject({ name: 'scaling', run: { seeds: [7], parameters: { valid: 100, widths: [16] } } });

  const fields = [{ name: 'layer', type: 'int32', unit: 'layer', doc: 'The layer.' }] as const;
  defineTable({ name: 'imprinted', version: 1, doc: 'A table of one’s own.', fields });
  await writeTable(at('own.parquet'), 'imprinted', [{ layer: 3 }], { metadata: { ...imprintOf(manifest), mine: 'ü' } });
  expect(await readMetadata(at('own.parquet'))).toMatchObject({
    'crackle.seed': '7',
    'crackle.table': 'imprinted',
    mine: 'ü',
  });
  await writeTable(at('bare.parquet'), 'imprinted', [{ layer: 3 }]);
  expect((await inProcess(['describe', at('bare.parquet')])).stdout.toString()).toContain('does not say which run');
  const odd = { 'crackle.seed': '7', 'crackle.software': 'x', 'crackle.pipeline': 'x', 'crackle.parameters': 'null' };
  await writeTable(at('odd.parquet'), 'imprinted', [{ layer: 3 }], { metadata: odd });
  for (const [file, words] of [
    [at('odd.parquet'), 'odd.parquet: its metadata crackle.parameters is not as crackle writes it'],
    [at('run/manifest.json.parquet'), 'there is no such file'],
    ['s3://bucket/a.parquet', 's3://bucket/a.parquet is in a bucket: copy it here first'],
  ] as const) {
    const { code, stderr } = await inProcess(['describe', file]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  }
  const wrong = { metadata: { n: 3 } as unknown as Record<string, string> };
  await expect(writeTable(at('wrong.parquet'), 'imprinted', [{ layer: 3 }], wrong)).rejects.toThrow(
    /^metadata 'n' must be a text, got number$/,
  );

  // A run from before files told: what is made of it again has the bits that it had.
  const { imprint: _, ...former } = manifest;
  expect(imprintOf(former)).toEqual({});
  const { rows } = await openRun(at('run'));
  const {
    bytes,
    sha256,
    rows: count,
  } = await writeTable(at('run/exponents.parquet'), 'exponents', await rows('exponents'));
  const files = { ...former.files, 'exponents.parquet': { rows: count, bytes, sha256: sha256! } };
  writeFileSync(at('run/manifest.json'), writeManifest({ ...former, files }));
  writeFileSync(at('run/exponents.parquet'), '');
  expect((await repair(at('run'))).repaired).toContain('exponents.parquet');
});

it('names all seeds of a merge', async () => {
  const manifest = await readManifest(at('first'));
  const merged = [3, 9].map((seed) => ({ seed, kernel: '', counts: {} }));
  expect(imprintOf({ ...manifest, seed: 3, merged })['crackle.seed']).toBe('3,9');
});
