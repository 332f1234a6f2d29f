import { existsSync } from 'node:fs';
import type * as Files from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { extend } from '../../src/run/extend.ts';
import { resume } from '../../src/run/resume.ts';
import { run } from '../../src/run/run.ts';
import { readManifest } from '../../src/store/folder.ts';
import { hashDataset } from './hash-dataset.ts';
import { scratchFolder } from './scratch.ts';

/** Names that the disk refuses to remove, as another system may while somebody has the file open. */
const busy = vi.hoisted(() => new Set<string>());

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof Files>();
  const rm: typeof real.rm = async (path, options) => {
    if (busy.has(String(path).split('/').at(-1)!))
      throw Object.assign(new Error('EBUSY: resource busy or locked'), { code: 'EBUSY' });
    await real.rm(path, options);
  };
  return { ...real, rm };
});

it('a run whose checkpoint or journal can’t be removed at its end is complete, and goes on to more from what it kept', async () => {
  const scratch = scratchFolder();
  const values = { widths: [16], depth: 60, perturbations: 1024, profileCount: 20, alternatives: false, blocks: 4 };
  const how = { workers: 1, record: ['avalanche'], figures: false, keepState: true, partitionSize: 256 };
  const [whole, more] = ['whole', 'more'].map((name) => join(scratch, name));
  await run('gaussian-avalanches', { ...values, perturbations: 2048 }, { ...how, out: more! });
  await run('gaussian-avalanches', values, { ...how, out: whole! });
  for (const name of ['checkpoint', 'journal.jsonl']) {
    const out = join(scratch, name);
    busy.add(name);
    // An early checkpoint is there.
    const stop = new AbortController();
    const onSnapshot = (): void => stop.abort();
    const { status } = await run('gaussian-avalanches', values, { ...how, out, signal: stop.signal, onSnapshot });
    expect(status).toBe('partial');
    expect((await resume(out, { workers: 1, figures: false })).status).toBe('complete');
    const manifest = await readManifest(out);
    expect(manifest).toMatchObject({ status: 'complete', counts: { perturbations: 1024 } });
    expect(existsSync(join(out, name))).toBe(true);
    expect(await hashDataset(out)).toBe(await hashDataset(whole!));
    busy.clear();
    await extend(out, manifest, await loadPipeline(pipelineUrl('gaussian-avalanches')), { perturbations: 2048 });
    await resume(out, { workers: 1, figures: false });
    expect(await hashDataset(out)).toBe(await hashDataset(more!));
  }
});
