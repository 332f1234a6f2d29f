import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { Report, WorkerStart } from '../src/flow/message.ts';
import { threads } from '../src/flow/pool.ts';
import { startThread, wordsFor } from '../src/thread.ts';
import { brokenCard } from './gpu/broken-card.ts';
import { temporaryFolder } from './run/temporary.ts';

const folder = temporaryFolder();

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

it('a process starts from sources, too, with its words where the build has them', async () => {
  const entry = pathToFileURL(resolve(import.meta.dirname, '../src/run/card-trial-process.ts'));
  const tries = (how: string) => {
    const env = { ...process.env, ...brokenCard(how) };
    const words = [...wordsFor(entry), 'chain'];
    const child = spawn(process.execPath, words, { env, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const said = await text(tries('zeros').stdio[3] as Readable);
  expect(said).toMatch(/"failed":"backend webgpu computes wrongly on maker of cards/);
  // As where the process is gone that waits for it.
  const hanging = tries('hang looking');
  hanging.stdin!.end();
  expect(await once(hanging, 'exit')).toEqual([null, 'SIGKILL']);
});

it('threads are ended by force soon, but where they wait for a card: those leave by themselves', async () => {
  const module = pathToFileURL(resolve(import.meta.dirname, 'fixtures/pipelines/lingers.ts')).href;
  const { loadPipeline } = await import('../src/flow/load.ts');
  const { checkParameters } = await import('../src/parameter.ts');
  const { parameters } = await loadPipeline(module);
  const left = async (backend: string): Promise<string> => {
    const told = join(folder, backend);
    writeFileSync(told, '');
    const values = checkParameters(parameters, { widths: [4], depth: 4, backend, told });
    const pool = threads({ module, values, seed: 1, folder: undefined, record: [], records: [] }, 1);
    await pool.execute({ ensemble: 0, index: 0, first: 0, count: 1 });
    await pool[Symbol.asyncDispose]();
    return readFileSync(told, 'utf8');
  };
  expect(await left('auto')).toBe('');
  expect(await left('webgpu')).toBe('left by itself\n');
});
