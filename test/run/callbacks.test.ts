import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadPipeline } from '../../src/flow/load.ts';
import { resume } from '../../src/run/resume.ts';
import { run } from '../../src/run/run.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const endless = { widths: [16], depth: 60, valid: 1e9, profileCount: 20, alternatives: false };
const mistake = new TypeError('a mistake of the caller');
const silence = 2500; // ms, in which a timer left behind would have told again

describe('a run whose caller’s own code throws', () => {
  for (const nth of [1, 3]) {
    it(`is rejected with what its onSnapshot throws at call ${nth}, and tells no more`, async () => {
      let calls = 0;
      const onSnapshot = (): void => {
        if (++calls >= nth) throw mistake;
      };
      await expect(run('gaussian-avalanches', endless, { workers: 2, onSnapshot })).rejects.toBe(mistake);
      await new Promise((resolve) => setTimeout(resolve, silence));
      expect(calls).toBe(nth);
    });
  }

  it('is rejected with what its onSnapshot throws once all is simulated, and can be resumed', async () => {
    const out = join(folder, 'told');
    const onSnapshot = ({ fraction }: { fraction: number }): void => {
      if (fraction === 1) throw mistake;
    };
    const values = { ...endless, valid: 1000 };
    const running = run('gaussian-avalanches', values, { out, workers: 2, figures: false, onSnapshot });
    await expect(running).rejects.toBe(mistake);
    expect((await resume(out, { workers: 1, figures: false })).status).toBe('complete');
  });

  it('is rejected with what the pipeline’s estimate throws, and where', async () => {
    const file = resolve(import.meta.dirname, '../fixtures/pipelines/bad-estimate.ts');
    const pipeline = await loadPipeline(pathToFileURL(file).href);
    const values = { widths: [16], depth: 60, perturbations: 1e9 };
    await expect(run(pipeline, values, { workers: 2, onSnapshot: () => {} })).rejects.toThrow(
      /^pipeline .*bad-estimate\.ts threw: no estimate \(line 13 of bad-estimate\.ts\)$/,
    );
  });
});
