import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { StoreError } from '../../src/error.ts';
import { lookAt } from '../../src/run/follow.ts';
import { resume } from '../../src/run/resume.ts';
import { noteResumed } from '../../src/run/resumed-note.ts';
import { run } from '../../src/run/run.ts';
import { type Manifest, writeManifest } from '../../src/store/manifest.ts';
import { notedStaff, notedUndrawn, noteStaff, noteUndrawn } from '../../src/store/staff-note.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();

it('lookAt tells from outside how far a run is, by its last checkpoint, and changes nothing', async () => {
  const out = join(folder, 'run');
  const values = { widths: [24, 32], depth: 50, valid: 1500, engine: 'effective', alternatives: false } as const;
  const stop = new AbortController();
  const result = await run('gaussian-avalanches', values, {
    out,
    workers: 1,
    figures: false,
    signal: stop.signal,
    onSnapshot: ({ fraction }) => {
      if (fraction > 0.2) stop.abort();
    },
  });
  const { status, snapshot } = await lookAt(out);
  expect([result.status, status]).toEqual(['partial', 'partial']);
  const merged = result.ensembles.reduce((sum, { counts }) => sum + counts.valid, 0);
  expect(merged).toBeGreaterThan(0);
  expect(snapshot!.total.valid).toBe(merged);
  expect(snapshot!.fraction).toBeCloseTo(
    result.ensembles.reduce((sum, { counts }) => sum + Math.min(1, counts.valid / 1500), 0) / 2,
    1,
  );
  expect(snapshot!.ensembles).toBe(2);
  // Who works on a run of a queue is seen while it runs, and goes with the run.
  await noteStaff(out, { workers: 2, slots: 5 });
  expect((await lookAt(out)).snapshot!.staff).toBeUndefined();
  const manifest = join(out, 'manifest.json');
  const kept = await readFile(manifest, 'utf8');
  const { sha256: _, ...head } = JSON.parse(kept) as Manifest & { sha256: string };
  const running: Manifest = { ...head, status: 'running' };
  await writeFile(manifest, writeManifest(running));
  expect((await lookAt(out)).snapshot!.staff).toEqual({ workers: 2, slots: 5 });
  // The same of figures, which its time left holds where nothing says otherwise.
  const remaining = async (): Promise<number> => {
    const { snapshot: seen } = await lookAt(out);
    return seen!.remaining - (seen!.elapsed * (1 - seen!.fraction)) / seen!.fraction;
  };
  const drawn = await remaining();
  await noteUndrawn(out);
  expect(drawn - (await remaining())).toBeGreaterThan(1);
  await writeFile(manifest, kept);
  // What was only looked at goes on.
  expect((await resume(out, { workers: 1, figures: false })).status).toBe('complete');
  expect(await lookAt(out)).toEqual({ status: 'complete', snapshot: undefined });
  expect([await notedStaff(out), await notedUndrawn(out)]).toEqual([undefined, false]);
  await expect(lookAt(folder)).rejects.toThrow(StoreError);
});

it('lookAt reckons a resumed run from where it was gone on with, and a shard by its share', async () => {
  const out = join(folder, 'resumed');
  const stop = new AbortController();
  const values = { widths: [64], depth: 300, valid: 400_000 } as const;
  await run('gaussian-avalanches', values, {
    out,
    shard: { index: 1, of: 8 },
    partitionSize: 200,
    workers: 1,
    figures: false,
    signal: stop.signal,
    onSnapshot: ({ fraction }) => {
      if (fraction > 0.2) stop.abort();
    },
  });
  const file = join(out, 'manifest.json');
  const { sha256: _, ...head } = JSON.parse(await readFile(file, 'utf8')) as Manifest & { sha256: string };
  const partial = (await lookAt(out)).snapshot!;
  expect(partial.fraction).toBeGreaterThan(0.2);
  expect(partial.fraction).toBeLessThan(1);
  expect(partial.elapsed).toBeCloseTo(head.wall_seconds, 0);
  // Gone on with ten hours after it began, at half of what it had come to by its checkpoint a minute later.
  const began = Date.now() - 36_060_000;
  await writeFile(file, writeManifest({ ...head, status: 'running', started: new Date(began).toISOString() }));
  const half = { perturbations: partial.total.perturbations / 2, valid: partial.total.valid / 2 };
  const noted = [{ merged: 1, counts: { ...partial.total, ...half } }];
  await noteResumed(out, noted, Date.now() - 60_000);
  const running = (await lookAt(out)).snapshot!;
  expect(running.elapsed).toBeCloseTo(60, -1);
  expect(running.rate).toBeCloseTo(half.valid / running.elapsed, 6);
  const share = running.fraction / 2;
  expect(running.remaining).toBeGreaterThan(0.9 * running.elapsed * ((1 - running.fraction) / share));
  expect(running.remaining).toBeLessThan(1.1 * running.elapsed * ((1 - running.fraction) / share) + 10);
});
