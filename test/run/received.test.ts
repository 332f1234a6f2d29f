import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kernelArithmetic } from '../../src/kernel/variant.ts';
import { mergeRuns } from '../../src/run/merge.ts';
import { remake } from '../../src/run/remake.ts';
import { repair } from '../../src/run/repair.ts';
import { resume } from '../../src/run/resume.ts';
import { checkSameBuild } from '../../src/run/same-computation.ts';
import { createDataset } from '../../src/store/dataset.ts';
import { fileDigest } from '../../src/store/digest.ts';
import { type Manifest, writeManifest } from '../../src/store/manifest.ts';
import { openRun } from '../../src/store/open-run.ts';
import { parseManifest } from '../../src/store/parse-manifest.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const own = resolve(import.meta.dirname, '../fixtures/pipelines/own.ts');
let made = 0;

/** A run folder whose manifest was changed by someone who knows how to write one. */
async function forged(status: 'partial' | 'complete', change: Partial<Manifest>): Promise<string> {
  const out = join(folder, `forged-${made++}`);
  const head = { pipeline: 'gaussian-avalanches', parameters: {}, seed: 1, kernel: kernelArithmetic(), record: [] };
  {
    await using dataset = await createDataset(out, head);
    await dataset.saveCheckpoint([]);
    await dataset.finish(status, {});
  }
  const path = join(out, 'manifest.json');
  writeFileSync(path, writeManifest({ ...parseManifest(readFileSync(path, 'utf8'), path), ...change }));
  return out;
}

describe('a run folder that came from elsewhere', () => {
  it('starts no code: neither of a module in its manifest nor of a file named as its pipeline', async () => {
    const trace = join(folder, 'executed');
    const code = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(trace)}, '');`;
    const evil = join(folder, 'evil.mjs');
    writeFileSync(evil, code);
    const data = `data:text/javascript,${encodeURIComponent(code)}`;
    const modules = [
      { module: data },
      { module: pathToFileURL(evil).href },
      { pipeline: evil },
      { pipeline: './a.mjs' },
    ];
    for (const change of modules) {
      const [complete, other] = [await forged('complete', change), await forged('complete', { ...change, seed: 2 })];
      const partial = await forged('partial', change);
      for (const use of [() => remake(complete), () => resume(partial), () => mergeRuns([complete, other])]) {
        await expect(use()).rejects.toThrow(/a run folder is data|which is unknown/);
      }
    }
    expect(existsSync(trace)).toBe(false);
  });

  it("runs a user's own pipeline where it is named, and only one of that name and content", async () => {
    const { sha256 } = await fileDigest(own);
    const module = pathToFileURL(own).href;
    const out = await forged('partial', { pipeline: 'own', module, module_sha256: 'f'.repeat(64) });
    await expect(resume(out)).rejects.toThrow(`--pipeline ${own}`);
    await expect(resume(out, { pipeline: own })).rejects.toThrow(/begun with another version of .*own.ts/);
    await expect(resume(out, { pipeline: 'gaussian-avalanches' })).rejects.toThrow(/is a run of own/);
    // The file is the same one; that its checkpoint isn't that of the forged manifest is found out next.
    const same = await forged('partial', { pipeline: 'own', module, module_sha256: sha256 });
    await expect(resume(same, { pipeline: own })).rejects.toThrow(/is of another run/);
    await expect(repair(same, 'none.ts')).rejects.toThrow(/^unknown pipeline 'none\.ts': there is no such file/);
  });

  it('names no file outside: manifests that do are none', async () => {
    for (const part of ['../other/part-0000-00000.parquet', '/etc/passwd', 'avalanche/../../x.parquet']) {
      const out = await forged('complete', { tables: { avalanche: { version: 1, rows: 1, bytes: 1, parts: [part] } } });
      await expect(openRun(out)).rejects.toThrow(/is no file of a run folder/);
    }
    await expect(remake(await forged('complete', { record: ['../victim'] }))).rejects.toThrow(/is no name of a table/);
  });

  it('is refused where version, kernel, seed or parameters are not what its data were made with', async () => {
    const changes: [Partial<Manifest>, RegExp][] = [
      [{ crackle: '0.0.9' }, /was begun by crackle 0.0.9/],
      [{ kernel: 'relaxed-simd-unfused' }, /was computed with kernel relaxed-simd-unfused/],
      [{ seed: 5 }, /is of another run, or of other parameters/],
      [{ parameters: { depth: 7 } }, /is of another run, or of other parameters/],
    ];
    for (const [change, said] of changes) await expect(resume(await forged('partial', change))).rejects.toThrow(said);
    expect(() => checkSameBuild('run', { crackle: '1.0.0', builds: ['first', 'last'] }, 'own')).toThrow(
      "run was computed by another build of crackle 1.0.0 (last) than this one (own), and their bits may differ: go on with that one, or add --any-build if you know that they don't",
    );
    for (const own of ['last', undefined]) checkSameBuild('run', { crackle: '1.0.0', builds: ['first', 'last'] }, own);
    checkSameBuild('run', { crackle: '1.0.0' }, 'own');
    const out = await forged('partial', {});
    const path = join(out, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seed": 1', '"seed": 2'));
    await expect(resume(out)).rejects.toThrow(/is damaged or was edited: its checksum/);
  });
});
