import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { changedFile, importedFiles } from '../../src/flow/imported-files.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { arithmetic } from '../../src/queue/arithmetic.ts';
import type { Offer } from '../../src/queue/offer.ts';
import { answer } from '../../src/queue/refusal.ts';
import { mergeRuns } from '../../src/run/merge.ts';
import { moduleOf } from '../../src/run/origin.ts';
import { resume } from '../../src/run/resume.ts';
import { run } from '../../src/run/run.ts';
import { fileDigest } from '../../src/store/digest.ts';
import { type Manifest, writeManifest } from '../../src/store/manifest.ts';
import { parseManifest } from '../../src/store/parse-manifest.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const values = {
  widths: [16],
  depth: 30,
  valid: 200,
  engine: 'effective',
  profileCount: 4,
  alternatives: false,
  blocks: 4,
};
const quick = { workers: 1, figures: false };
let made = 0;
let here: string;

/** A pipeline that imports two files, one of them through the other, and a package; in a folder of its own. */
beforeEach(() => {
  here = join(folder, `own-${made++}`);
  mkdirSync(join(here, 'lib'), { recursive: true });
  mkdirSync(join(here, 'node_modules/neighbour'), { recursive: true });
  writeFileSync(join(here, 'node_modules/neighbour/package.json'), '{"name":"neighbour","main":"index.mjs"}');
  writeFileSync(join(here, 'node_modules/neighbour/index.mjs'), 'export const one = 1;');
  writeFileSync(join(here, 'lib/gain.ts'), 'export const gain: number = 1;\n');
  writeFileSync(join(here, 'helper.ts'), "export { gain } from './lib/gain.ts';\nexport type Unused = 1;\n");
  writeFileSync(
    join(here, 'mine.ts'),
    `import gaussian from 'crackle/pipelines/gaussian-avalanches';
import { definePipeline } from 'crackle';
import { one } from 'neighbour';
import { gain } from './helper.ts';
export default definePipeline({ ...gaussian, name: 'mine', doc: \`\${gain} \${one}\` });
`,
  );
});

const mine = (): string => join(here, 'mine.ts');
const gain = (): string => join(here, 'lib/gain.ts');
const change = (): void => writeFileSync(gain(), 'export const gain: number = 1.5;\n');
const path = (out: string): string => join(out, 'manifest.json');
const manifestOf = (out: string): Manifest => parseManifest(readFileSync(path(out), 'utf8'), path(out));
const begun = async (name: string, more = {}): Promise<string> => {
  const out = join(here, name);
  await run(await loadPipeline(pipelineUrl(mine())), values, { ...quick, partitionSize: 40, out, ...more });
  return out;
};

describe('the files that a pipeline of one’s own imports', () => {
  it('are listed, those that files of its own import among them, without packages', async () => {
    const found = await importedFiles(mine());
    expect(found).toEqual({
      'helper.ts': (await fileDigest(join(here, 'helper.ts'))).sha256,
      'lib/gain.ts': (await fileDigest(gain())).sha256,
    });
    expect(await changedFile(mine(), found as Record<string, string>)).toBeUndefined();
    expect(manifestOf(await begun('listed')).modules).toEqual(found);
  });

  it('keep a run from being resumed with another content of them, which is named; brought back, it goes on', async () => {
    const out = await begun('cut', { signal: AbortSignal.abort() });
    const before = readFileSync(gain(), 'utf8');
    change();
    await expect(resume(out, { ...quick, pipeline: mine() })).rejects.toThrow(
      /was begun with another version of .*gain\.ts: bring that file back/,
    );
    rmSync(gain());
    await expect(resume(out, { ...quick, pipeline: mine() })).rejects.toThrow(/gain\.ts/);
    writeFileSync(gain(), before);
    expect((await resume(out, { ...quick, pipeline: mine() })).status).toBe('complete');
  });

  it('keep runs from being merged whose versions of them differ, and with files that are others by now', async () => {
    const folders = [await begun('one', { keepState: true }), await begun('two', { keepState: true, seed: 2 })];
    expect((await mergeRuns(folders, { pipeline: mine() })).status).toBe('complete');
    change();
    await expect(mergeRuns(folders, { pipeline: mine() })).rejects.toThrow(/another version of .*gain\.ts/);
    const third = await begun('three', { keepState: true, seed: 3 });
    await expect(mergeRuns([folders[0]!, third], { pipeline: mine() })).rejects.toThrow(
      /different versions of lib\/gain\.ts/,
    );
    const shards = [await begun('shard-1', { shard: { index: 1, of: 2 } })];
    writeFileSync(gain(), 'export const gain: number = 2;\n');
    shards.push(await begun('shard-2', { shard: { index: 2, of: 2 } }));
    await expect(mergeRuns(shards, { pipeline: mine() })).rejects.toThrow(/lib\/gain\.ts.* differs/);
  });

  it('keep a worker of a queue from a run whose driver has others', async () => {
    const { module_sha256, modules } = await moduleOf(await loadPipeline(pipelineUrl(mine())));
    const offer = {
      pipeline: 'mine',
      file: '/nowhere/mine.ts',
      file_sha256: module_sha256,
      modules,
      values: {},
      record: [],
      arithmetic: await arithmetic({}),
    } as unknown as Offer;
    const copy = join(folder, `copy-${made++}`);
    cpSync(here, copy, { recursive: true });
    expect(await answer(offer, [join(copy, 'mine.ts')])).toHaveProperty('module');
    writeFileSync(join(copy, 'helper.ts'), 'export const gain = 3;');
    expect(await answer(offer, [join(copy, 'mine.ts')])).toEqual({
      refusal: expect.stringMatching(/helper\.ts, which .*mine\.ts imports, is not the file here that it is there/),
    });
  });

  it('don’t count for runs of a version that didn’t list them', async () => {
    const out = await begun('older', { signal: AbortSignal.abort() });
    const { modules, ...older } = manifestOf(out);
    expect(modules).toBeDefined();
    for (const name of readdirSync(out).filter((each) => each.startsWith('checkpoint')))
      rmSync(join(out, name), { recursive: true });
    writeFileSync(path(out), writeManifest(older));
    change();
    expect((await resume(out, { ...quick, pipeline: mine() })).status).toBe('complete');
  });

  it('are told to be unknown where an import leads nowhere that nothing comes to', async () => {
    const told: string[] = [];
    writeFileSync(join(here, 'helper.ts'), "export const gain = 1;\nexport const later = () => import('./no.ts');\n");
    const pipeline = await loadPipeline(pipelineUrl(mine()));
    expect(await moduleOf(pipeline, (text) => told.push(text))).not.toHaveProperty('modules');
    expect(told.join()).toMatch(/which files .*mine\.ts imports can't be told here \(Could not resolve "\.\/no\.ts"\)/);
  });
});
