import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { Report, WorkerStart } from '../src/flow/message.ts';
import { startThread } from '../src/thread.ts';

it('a thread starts from sources, too, and composes a pipeline that is one', async () => {
  const entry = pathToFileURL(resolve(import.meta.dirname, '../src/flow/worker.ts'));
  const module = pathToFileURL(resolve(import.meta.dirname, '../pipelines/gaussian-avalanches.ts')).href;
  const { loadPipeline } = await import('../src/flow/load.ts');
  const { checkParameters } = await import('../src/parameter.ts');
  const { parameters } = await loadPipeline(module);
  const values = checkParameters(parameters, { widths: [16], depth: 20, valid: 100 });
  const start = { module, values, seed: 1, record: [], staged: false } as unknown as WorkerStart;
  const thread = startThread(entry, start);
  try {
    const [report] = (await once(thread, 'message')) as [Report];
    expect(report.kind).toBe('ready');
  } finally {
    await thread.terminate();
  }
});
