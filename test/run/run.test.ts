import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { loadPipeline } from '../../src/flow/load.ts';
import { resume } from '../../src/run/resume.ts';
import { run, stream } from '../../src/run/run.ts';
import type { Manifest } from '../../src/store/manifest.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const toy = { widths: [16, 24], depth: 60, valid: 1500, profileCount: 20, alternatives: false };
const few = { ...toy, widths: [16], valid: 300, blocks: 4 };
const whole = { ...toy, engine: 'effective', alternatives: true };
const manifestOf = (out: string) => JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;
const fixture = (name: string) => pathToFileURL(resolve(import.meta.dirname, `../fixtures/pipelines/${name}.ts`)).href;

describe('run(pipeline, values, options)', () => {
  it('gives the same bits for 1 worker, 4, and 2 that are interrupted, resumed by one', async () => {
    const how = { record: ['signal', 'avalanche'], figures: false, seed: 7, partitionSize: 100 };
    const hashes: string[] = [];
    for (const workers of [1, 4]) {
      const out = join(folder, `workers-${workers}`);
      await run('gaussian-avalanches', whole, { ...how, out, workers });
      hashes.push(await hashDataset(out));
    }
    const out = join(folder, 'interrupted');
    const controller = new AbortController();
    const first = await run('gaussian-avalanches', whole, {
      ...how,
      out,
      workers: 2,
      signal: controller.signal,
      onSnapshot: ({ fraction }) => {
        if (fraction > 0) controller.abort();
      },
    });
    expect(first.status).toBe('partial');
    expect(manifestOf(out).status).toBe('partial');
    const rows = manifestOf(out).tables.avalanche!.rows;
    const second = await resume(out, { workers: 1, figures: false });
    expect(second.status).toBe('complete');
    expect(manifestOf(out).tables.avalanche!.rows).toBeGreaterThan(rows);
    hashes.push(await hashDataset(out));
    expect(new Set(hashes).size).toBe(1);
    console.log(`same bits: SHA-256 ${hashes[0]} for 1, 4 and 2 workers, the last in a resumed run`);
  });

  it('tells what was found before it writes tables and draws, and waits for who is told', async () => {
    const out = join(folder, 'found');
    const told: unknown[] = [];
    const { summaries, files } = await run('gaussian-avalanches', few, {
      out,
      workers: 1,
      onFound: async (found) => {
        const written = existsSync(join(out, 'exponents.parquet'));
        await new Promise((later) => setTimeout(later, 20));
        told.push(found, written, existsSync(join(out, 'exponents.parquet')));
      },
    });
    expect(told).toEqual([summaries, false, false]);
    expect(summaries.length).toBeGreaterThan(0);
    expect(files).toContain('figures/collapse.png');
    let bare: unknown;
    const nowhere = await run('gaussian-avalanches', few, {
      workers: 1,
      onFound: (found) => {
        bare = found;
      },
    });
    expect(bare).toBe(nowhere.summaries);
  });

  it('gives other data for another seed', async () => {
    const hashes: string[] = [];
    for (const seed of [7, 8, 7]) {
      const out = join(folder, `seed-${hashes.length}`);
      await run('gaussian-avalanches', few, { out, workers: 1, record: ['avalanche'], figures: false, seed });
      hashes.push(await hashDataset(out));
    }
    expect(hashes[1]).not.toBe(hashes[0]);
    expect(hashes[2]).toBe(hashes[0]);
  });

  it('stops each ensemble at the first partition with enough valid avalanches', async () => {
    const { ensembles } = await run('gaussian-avalanches', toy, { workers: 2 });
    for (const { counts } of ensembles) {
      expect(counts.valid).toBeGreaterThanOrEqual(1500);
      expect(counts.valid).toBeLessThan(1500 + 3000 / 64 + 1);
      expect(counts.valid + counts.dead + counts.censored).toBe(counts.perturbations);
    }
  });

  it('stops at a number of perturbations, exactly', async () => {
    const { ensembles } = await run('gaussian-avalanches', { ...toy, perturbations: 1234 }, { workers: 1 });
    expect(ensembles.map(({ counts }) => counts.perturbations)).toEqual([1234, 1234]);
  });

  it('ends with what there is after the longest time', async () => {
    const { status, ensembles } = await run(
      'gaussian-avalanches',
      { ...toy, valid: 10_000_000 },
      { workers: 1, maxTime: 1.5 },
    );
    expect(status).toBe('partial');
    expect(ensembles[0]!.counts.valid).toBeLessThan(10_000_000);
  });

  it('takes longest times of more than the 24.8 days that timers of Node wait for what they are', async () => {
    const month = 30 * 86_400;
    const options = { maxTime: month, partitionTimeout: month, workers: 2 };
    expect((await run('gaussian-avalanches', few, options)).status).toBe('complete');
  });

  it('warns where hardly an avalanche is valid, once', async () => {
    const warnings: string[] = [];
    const logger = { info: () => {}, debug: () => {}, warn: (text: string) => void warnings.push(text) };
    const values = {
      widths: [16, 24],
      depth: 20,
      biasVariance: 0.1,
      valid: 200_000,
      perturbations: 20_000,
      alternatives: false,
    };
    await run('gaussian-avalanches', values, { workers: 1, logger: logger as never });
    expect(warnings).toEqual([
      expect.stringMatching(/^ensemble 0: \d+ of \d+ perturbations gave a valid avalanche, \d+ outlasted/),
    ]);
    await run('gaussian-avalanches', few, { workers: 1, logger: logger as never });
    expect(warnings).toHaveLength(1);
  });

  it('runs a pipeline object that lives in no module in this thread', async () => {
    const { module: _, ...inline } = await loadPipeline(fixture('own'));
    const { ensembles } = await run(inline, { widths: [32], depth: 50, perturbations: 500 });
    expect(ensembles[0]!.counts.perturbations).toBe(500);
    expect(ensembles[0]!.result).toMatchObject({ count: ensembles[0]!.counts.valid });
  });

  it('says which parameter is wrong and what was expected', async () => {
    await expect(run('gaussian-avalanches', { depth: -3 })).rejects.toThrow('depth must be an integer from 1 to');
    await expect(run('gaussian-avalanches', { widths: [0] })).rejects.toThrow('widths must be a list');
    await expect(run('gaussian-avalanches', { weightVariance: Number.NaN })).rejects.toThrow('weight-variance must be');
    await expect(run('gaussian-avalanches', { activation: 'tnah' })).rejects.toThrow("got 'tnah'");
    // @ts-expect-error The compiler knows the names of a built-in pipeline's parameters.
    await expect(run('gaussian-avalanches', { dept: 3 })).rejects.toThrow("unknown parameter 'dept'");
    await expect(run('gaussian-avalanche', {})).rejects.toThrow("unknown pipeline 'gaussian-avalanche'");
  });

  it("names the file and line where a user's pipeline throws, and leaves nothing that looks whole", async () => {
    const out = join(folder, 'throws');
    const pipeline = await loadPipeline(fixture('throws'));
    const running = run(pipeline, { widths: [32], depth: 50 }, { out, workers: 2, record: ['avalanche'] });
    await expect(running).rejects.toThrow(/pipeline .*throws\.ts threw: my own mistake \(line \d+ of throws\.ts\)/);
    // A run that failed before its first part was taken in leaves no folder.
    if (existsSync(out)) expect(manifestOf(out).status).toBe('partial');
  });
});

describe('stream(pipeline, values)', () => {
  it('emits snapshots and completes with the run', async () => {
    const snapshots = await lastValueFrom(stream('gaussian-avalanches', toy, { workers: 1 }).pipe(toArray()));
    const last = snapshots.at(-1)!;
    expect(last.fraction).toBe(1);
    expect(last.total.valid).toBeGreaterThanOrEqual(3000);
    const fractions = snapshots.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });
});
