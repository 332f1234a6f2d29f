import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crackle, start } from '../cli/crackle.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { brokenCard } from './broken-card.ts';
import { lives } from './lives.ts';

const folder = temporaryFolder();
const small = [
  '--widths',
  '8',
  '--depth',
  '12',
  '--valid',
  '100',
  '--workers',
  '1',
  '--no-figures',
  '--progress',
  'none',
];
const onCard = ['run', 'gaussian-avalanches', '--engine', 'annealed', '--backend', 'webgpu', ...small];

/** A run whose driver never returns, and the process that tries it. */
async function hanging(name: string) {
  const [out, file] = [join(folder, name), join(folder, `${name}.pid`)];
  const env = { ...process.env, ...brokenCard('hang looking'), BROKEN_CARD_PID: file };
  const run = start([...onCard, '--out', out], { env });
  await expect.poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : '')).toMatch(/^\d+$/);
  return { ...run, out, trial: Number(readFileSync(file, 'utf8')) };
}

describe('a driver that ends its process', () => {
  it('costs a run that takes a card by itself a sentence: it goes on on processors', async () => {
    const out = join(folder, 'auto');
    const env = { ...process.env, ...brokenCard('segfault compiling') };
    const words = [
      'run',
      'gaussian-avalanches',
      '--widths',
      '512',
      '--valid',
      '1e6',
      '--max-time',
      '0.5',
      ...small.slice(6),
    ];
    const { code, stderr } = await crackle([...words, '--out', out], { env });
    expect(stderr).toMatch(
      /WARN: backend webgpu fails on maker of cards: its driver ended the process that tried it by signal SIGSEGV, compiling a kernel; engine annealed computes on processors\n/,
    );
    expect(stderr).not.toContain('a driver is asked');
    expect([code, stderr]).toEqual([130, expect.stringContaining('out of time')]);
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toMatchObject({
      parameters: { engine: 'annealed', backend: 'auto' },
      kernel: expect.not.stringContaining('webgpu'),
    });
  });

  it('is told, with exit code 2, where the card was asked for, and no run is begun', async () => {
    const out = join(folder, 'named');
    const env = { ...process.env, ...brokenCard('abort computing') };
    const { code, stderr } = await crackle([...onCard, '--out', out], { env });
    expect([code, stderr]).toEqual([
      2,
      'crackle: backend webgpu fails on maker of cards: its driver ended the process that tried it by signal SIGABRT, compiling a kernel; drivers wrote last: a driver is asked\n',
    ]);
    expect(existsSync(out)).toBe(false);
  });
});

describe('a driver that never returns', () => {
  it('is ended by an interrupt, before a run is begun', async () => {
    const { child, ended, trial, out } = await hanging('interrupted');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    await expect.poll(() => lives(trial)).toBe(false);
    expect(existsSync(out)).toBe(false);
  });

  it('is ended soon where the process that waited for it is gone', async () => {
    const { child, ended, trial } = await hanging('killed');
    child.kill('SIGKILL');
    await ended;
    await expect.poll(() => lives(trial)).toBe(false);
  });
});
