import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localExecutor } from '../../src/flow/executor.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import type { Report } from '../../src/report/page.ts';
import { type Composed, composePipeline } from '../../src/run/compose.ts';
import { drawAhead } from '../../src/run/draw-ahead.ts';
import type { MeasuredEnsemble } from '../../src/run/drawing.ts';
import { conductPhases } from '../../src/run/phases.ts';
import { findings, publishReport } from '../../src/run/publish.ts';

describe('drawAhead(draws, least)', () => {
  let composed: Composed;
  let measured: MeasuredEnsemble[];
  let report: Report;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crackle-draw-ahead-'));
    const pipeline = await loadPipeline(pipelineUrl('gaussian-avalanches'));
    composed = composePipeline(pipeline, { widths: [60, 80], engine: 'effective', depth: 200, valid: 1500 });
    const { ensembles } = await conductPhases(composed, {
      openExecutor: async ({ composition }) => localExecutor(composition, { seed: 1, openSink: () => undefined }),
    });
    const { ahead } = composed.composition;
    measured = ensembles.map((one, ensemble) => ({ ensemble, counts: one.counts, measured: ahead!.measure(one) }));
    const found = findings(composed, ensembles);
    report = {
      title: pipeline.name,
      doc: pipeline.doc,
      parameters: composed.values,
      ...found,
      figures: found.figures.slice(0, 2),
    };
  });
  afterAll(() => rm(folder, { recursive: true }));

  const drawn = async (at: string): Promise<Record<string, string>> => {
    const files = await readdir(join(folder, at), { recursive: true, withFileTypes: true });
    const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return Object.fromEntries(
      await Promise.all(
        paths.sort().map(async (path) => [path.slice(folder.length + at.length + 2), await readFile(path, 'base64')]),
      ),
    );
  };

  it('draws the same files as this thread does, after practice and interrupted in it', async () => {
    const here = await publishReport(await mkdtemp(join(folder, 'here-')), report);
    const [name] = await readdir(folder);
    const expected = await drawn(name!);
    expect(Object.keys(expected).sort()).toEqual([...here].sort());
    await using ahead = drawAhead(true, composed, 0);
    const there = await mkdtemp(join(folder, 'there-'));
    ahead.practise(composed, measured.slice(0, 1));
    expect(await ahead.draw(there, report)).toEqual(here);
    expect(await drawn(there.slice(folder.length + 1))).toEqual(expected);
  });

  it('leaves drawing to this thread in short runs, where nothing is drawn, and where the thread cannot', async () => {
    await using short = drawAhead(true, composed, 60);
    await using none = drawAhead(false, composed, 0);
    for (const ahead of [short, none]) {
      ahead.open();
      ahead.practise(composed, measured.slice(0, 1));
      expect(await ahead.draw(folder, report)).toBeUndefined();
    }
    await using able = drawAhead(true, composed, 0);
    able.open();
    expect(await able.draw(join(folder, 'nowhere\0'), report)).toBeUndefined();
    expect(await able.draw(folder, { ...report, parameters: { of: () => 1 } })).toBeUndefined();
    // Practice that fails does no harm.
    able.practise(composed, [{ ...measured[0]!, measured: undefined }]);
    expect(await able.draw(await mkdtemp(join(folder, 'after-')), report)).toContain('report.html');
  });
});
