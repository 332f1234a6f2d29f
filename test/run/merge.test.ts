import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadPipeline } from '../../src/flow/load.ts';
import { mergeRuns } from '../../src/run/merge.ts';
import type { RunResult } from '../../src/run/options.ts';
import { resume } from '../../src/run/resume.ts';
import { run } from '../../src/run/run.ts';
import { type Manifest, writeManifest } from '../../src/store/manifest.ts';
import { parseManifest } from '../../src/store/parse-manifest.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { smallDisk } from './small-disk.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const toy = { widths: [16, 24], depth: 40, valid: 500, engine: 'effective', profileCount: 8, alternatives: false };
const quick = { workers: 1, figures: false };
const parted = { ...quick, partitionSize: 50, keepState: true };
const manifestOf = (out: string): Manifest => parseManifest(readFileSync(join(out, 'manifest.json'), 'utf8'), out);

describe('mergeRuns(folders, options)', () => {
  const runs: RunResult[] = [];
  let merged: RunResult;
  beforeAll(async () => {
    for (const seed of [1, 2, 3]) {
      const valid = 400 * seed;
      runs.push(await run('gaussian-avalanches', { ...toy, valid }, { ...parted, seed, out: at(`seed-${seed}`) }));
    }
    const folders = [1, 2, 3].map((seed) => at(`seed-${seed}`));
    merged = await mergeRuns(folders, { out: at('merged'), keepState: true });
  });

  it('says what was found as data, too, which its page links', () => {
    const { command, findings } = JSON.parse(readFileSync(join(at('merged'), 'findings.json'), 'utf8'));
    expect(command).toContain('crackle merge seed-1 seed-2 seed-3');
    expect(findings.length).toBeGreaterThan(0);
    expect(merged.files).toContain('findings.json');
  });

  it('adds up counts, distributions and mean sizes of all runs', () => {
    for (const [l, { counts }] of merged.ensembles.entries()) {
      for (const key of ['perturbations', 'valid', 'dead', 'censored'] as const) {
        expect(counts[key]).toBe(runs.reduce((sum, one) => sum + one.ensembles[l]!.counts[key], 0));
      }
    }
    const sums = (results: readonly RunResult[]) => {
      const by = new Map<string, { count: number; total: number }>();
      for (const { ensemble, duration, count, mean_size } of results.flatMap((one) => one.tables.scaling!)) {
        const sum = by.get(`${ensemble}/${duration}`) ?? { count: 0, total: 0 };
        by.set(`${ensemble}/${duration}`, { count: sum.count + count!, total: sum.total + count! * mean_size! });
      }
      return by;
    };
    const [found, expected] = [sums([merged]), sums(runs)];
    expect(found.size).toBe(expected.size);
    for (const [key, { count, total }] of expected) {
      expect(found.get(key)!.count).toBe(count);
      expect(found.get(key)!.total / total).toBeCloseTo(1, 12);
    }
  });

  it('has exponents between those of the runs, with smaller errors', () => {
    merged.tables.exponents!.forEach((row, l) => {
      const each = runs.map((one) => one.tables.exponents![l]!);
      const [low, high] = [Math.min, Math.max].map((f) => f(...each.map(({ branching_ratio: m }) => m!)));
      expect(row.branching_ratio).toBeGreaterThan(low!);
      expect(row.branching_ratio).toBeLessThan(high!);
      expect(row.branching_ratio_error).toBeLessThan(Math.min(...each.map((one) => one.branching_ratio_error!)));
    });
  });

  it('tells how far it is, and leaves nothing behind where it is interrupted', async () => {
    const folders = [1, 2, 3].map((seed) => at(`seed-${seed}`));
    const stop = new AbortController();
    const told: string[] = [];
    const info = (text: string): void => {
      told.push(text);
      if (told.length === 2) stop.abort();
    };
    const logger = { info, warn: info, debug: info };
    const merging = mergeRuns(folders, { out: at('stopped'), logger, signal: stop.signal });
    expect(await merging.catch((error: unknown) => error)).toBe(stop.signal.reason);
    expect(told).toEqual([1, 2].map((n) => `states of ${n} of 3 runs are merged`));
    expect(existsSync(at('stopped'))).toBe(false);
  });

  it('writes a whole run folder that says what it is made of', () => {
    const manifest = manifestOf(at('merged'));
    expect(manifest).toMatchObject({ status: 'complete', pipeline: 'gaussian-avalanches', record: [], seed: 1 });
    expect(manifest.parameters.valid).toBe(2400);
    expect(manifest.merged!.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(manifest.counts.valid).toBe(manifest.merged!.reduce((sum, one) => sum + one.counts.valid!, 0));
    const page = readFileSync(join(at('merged'), 'report.html'), 'utf8');
    expect(page).toContain('Merged from 3 runs with the seeds 1, 2, 3.');
    expect(existsSync(join(at('merged'), 'states.bin'))).toBe(true);
  });

  it('gives the same bits in any order of folders, and for merges of merges', async () => {
    const [a, b, c] = [1, 2, 3].map((seed) => at(`seed-${seed}`));
    await mergeRuns([c!, a!, b!], { out: at('turned'), figures: false });
    await mergeRuns([b!, a!], { out: at('two'), figures: false, keepState: true });
    await mergeRuns([c!, at('two')], { out: at('three'), figures: false });
    const hash = await hashDataset(at('merged'));
    expect(await hashDataset(at('turned'))).toBe(hash);
    expect(await hashDataset(at('three'))).toBe(hash);
  });

  it('takes a run that was interrupted and resumed for one that was not', async () => {
    const controller = new AbortController();
    const first = await run(
      'gaussian-avalanches',
      { ...toy, valid: 800 },
      {
        ...parted,
        seed: 2,
        out: at('resumed'),
        signal: controller.signal,
        onSnapshot: ({ fraction }) => {
          if (fraction > 0) controller.abort();
        },
      },
    );
    expect(first.status).toBe('partial');
    await expect(mergeRuns([at('seed-1'), at('resumed')])).rejects.toThrow(
      /resumed is not complete \(status partial\): resume it/,
    );
    await resume(at('resumed'), quick);
    await mergeRuns([at('seed-1'), at('resumed'), at('seed-3')], { out: at('again'), figures: false });
    expect(await hashDataset(at('again'))).toBe(await hashDataset(at('merged')));
  });

  it('rejects runs that do not belong together, and writes nothing', async () => {
    await run('gaussian-avalanches', { ...toy, depth: 50 }, { ...parted, seed: 9, out: at('depth') });
    await run('gaussian-avalanches', toy, { ...parted, seed: 10, out: at('stateless'), keepState: false });
    const out = at('nothing');
    for (const [folders, message] of [
      [['seed-1'], 'a merge needs at least 2 run folders, got 1'],
      [['seed-1', 'depth'], /depth must be the same in runs that are merged: it is 50 in .*depth, 40 in .*seed-1/],
      [['seed-1', 'merged'], /seed-1 and .*merged have the same networks: both are of seed 1/],
      [['seed-1', 'seed-1'], /both are of seed 1/],
      [['seed-1', 'stateless'], /stateless has no states to merge: runs keep them with --keep-state/],
      [['seed-1', 'nowhere'], /nowhere is not a run folder/],
    ] as const) {
      await expect(mergeRuns(folders.map(at), { out })).rejects.toThrow(message);
      expect(existsSync(out)).toBe(false);
    }
  });

  it('rejects runs whose first phase found their ensembles', async () => {
    const study = { widths: [16], scan: [0.5, 1, 1.5], scanValid: 100, valid: 100, depth: 40, alternatives: false };
    const results: RunResult[] = [];
    for (const seed of [1, 2]) {
      const out = at(`study-${seed}`);
      results.push(await run('finite-size-scaling', study, { ...parted, seed, out }));
    }
    await expect(mergeRuns([at('study-1'), at('study-2')])).rejects.toThrow(
      /can't be merged where a first phase finds/,
    );
  });

  it('rejects pipelines that do not say they are mergeable', async () => {
    for (const seed of [1, 2]) {
      const values = { width: 16, depth: 10, networks: 64, traces: 2 };
      await run('regimes', values, { ...quick, seed, out: at(`regimes-${seed}`), keepState: true });
    }
    await expect(mergeRuns([at('regimes-1'), at('regimes-2')])).rejects.toThrow(
      /runs of regimes can't be merged: its composition/,
    );
  });

  it('merges runs of copies of one module, and of no others', async () => {
    // Beside the fixtures, so that their imports are found.
    const pipelines = join(import.meta.dirname, '../fixtures/pipelines');
    const beside = mkdtempSync(join(pipelines, 'copies-'));
    onTestFinished(() => rmSync(beside, { recursive: true }));
    const text = readFileSync(join(pipelines, 'own.ts'), 'utf8');
    const copies = ['a', 'b', 'c'].map((name, i) => {
      const path = join(beside, `${name}.ts`);
      const mergeable = text.replace('ensembles:', 'mergeable: true, ensembles:');
      writeFileSync(path, i < 2 ? mergeable : `${mergeable}// edited\n`);
      return path;
    });
    for (const [i, path] of copies.entries()) {
      const pipeline = await loadPipeline(pathToFileURL(path).href);
      const values = { widths: [16], depth: 20, perturbations: 200 };
      await run(pipeline, values, { ...quick, seed: i + 1, out: at(`own-${i}`), keepState: true });
    }
    const { ensembles } = await mergeRuns([at('own-0'), at('own-1')], { pipeline: copies[0]! });
    expect(ensembles[0]!.counts.perturbations).toBe(400);
    await expect(mergeRuns([at('own-0'), at('own-2')])).rejects.toThrow(
      /own-2 is a run of the pipeline in .*c\.ts, .*a\.ts: they differ/,
    );
  });

  it('looks at its folder first, and says what to do about a merge that was cut off', async () => {
    const both = [at('seed-1'), at('seed-2')];
    await expect(mergeRuns(both, { out: at('seed-3') })).rejects.toThrow(/already holds a run of gaussian-avalanches/);
    const out = at('cut-off');
    await mergeRuns(both, { out, figures: false });
    writeFileSync(join(out, 'manifest.json'), writeManifest({ ...manifestOf(out), status: 'running' }));
    await expect(mergeRuns(both, { out })).rejects.toThrow(
      /holds a merge that was cut off: remove it or choose another/,
    );
  });

  it('says where its disk is full what is left there, and how to go on', async ({ skip }) => {
    const disk = smallDisk(at('disk'), 16) ?? skip('no small disk');
    const both = [at('seed-1'), at('seed-2')];
    const out = join(disk, 'merged');
    await expect(mergeRuns(both, { out, figures: false })).rejects.toThrow(
      /^cannot write .*disk\/merged\/\w+.parquet: no space is left on the device \(ENOSPC\); make room, remove .*disk\/merged, a merge that was cut off, and merge again: the runs are as they were$/,
    );
    await expect(mergeRuns(both, { out })).rejects.toThrow(/holds a merge that was cut off/);
  });

  it('is of one build of crackle, unless whoever merges says that others do', async () => {
    const both = [at('seed-1'), at('seed-2')];
    const before = both.map(manifestOf);
    for (const [i, out] of both.entries()) {
      writeFileSync(join(out, 'manifest.json'), writeManifest({ ...before[i]!, builds: [`build-${i}`] }));
    }
    await expect(mergeRuns(both)).rejects.toThrow(
      `${both[1]} was computed by build build-1 of crackle, ${both[0]} by build-0, and their bits may differ: compute them by one build, or add --any-build`,
    );
    const out = at('of-two-builds');
    expect((await mergeRuns(both, { anyBuild: true, figures: false, out })).status).toBe('complete');
    expect(manifestOf(out).builds).toEqual(['build-0', 'build-1']);
    for (const [i, out] of both.entries()) writeFileSync(join(out, 'manifest.json'), writeManifest(before[i]!));
  });

  it('is not resumed where it was cut off, nor taken for whole', async () => {
    const out = at('cut');
    await mergeRuns([at('seed-1'), at('seed-2')], { out, figures: false });
    writeFileSync(join(out, 'manifest.json'), writeManifest({ ...manifestOf(out), status: 'running' }));
    await expect(resume(out)).rejects.toThrow(/holds a merge of runs that was cut off: merge them again/);
    rmSync(out, { recursive: true });
  });
});
