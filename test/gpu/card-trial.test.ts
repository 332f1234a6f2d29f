import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cardChecks } from '../../src/cli/doctor-cards.ts';
import { CardFailure, NoAdapter } from '../../src/gpu/failure.ts';
import { lanesFound } from '../../src/gpu/found-lanes.ts';
import { type TrialOptions, triedCard } from '../../src/propagation/card-trial.ts';
import { endOf } from '../../src/propagation/process-end.ts';
import { checkCard } from '../../src/run/card.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { withoutGpu } from './adapter.ts';
import { brokenCard } from './broken-card.ts';
import { lives } from './lives.ts';

const skip = await withoutGpu();
const folder = temporaryFolder();

/** What comes of trying a broken card. */
async function failureOf(how: string, options: TrialOptions = {}): Promise<Error> {
  for (const [name, value] of Object.entries(brokenCard(how))) vi.stubEnv(name, value);
  return triedCard('chain', options).then(
    (card) => expect.fail(`${how}: ${JSON.stringify(card)}`),
    (error: Error) => error,
  );
}

afterEach(() => vi.unstubAllEnvs());

describe('triedCard(kind)', () => {
  it('says how a driver failed that takes its process along, never returns, or computes what is wrong', async () => {
    const patience = { adapter: 60, compile: 0.2, answer: 20 };
    const words = {
      'abort looking':
        'backend webgpu fails: its driver ended the process that tried it by signal SIGABRT, opening a card',
      'segfault compiling':
        'backend webgpu fails on maker of cards: its driver ended the process that tried it by signal SIGSEGV, compiling a kernel',
      'hang compiling':
        'backend webgpu fails on maker of cards: its driver does not return within 0.2 s, compiling a kernel',
      'refuse opening': 'the driver of maker of cards opens no device for backend webgpu: no such limit',
      zeros: 'backend webgpu computes wrongly on maker of cards: a mean strength of 0 in place of 0.099287',
    };
    const failures = await Promise.all(
      Object.keys(words).map((how) => failureOf(how, how.startsWith('hang') ? { patience } : {})),
    );
    expect(failures.map(({ message }) => message)).toEqual(Object.values(words));
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(CardFailure);
      expect((failure as CardFailure).said).toMatch(/a driver is asked/);
    }
    // Nor a second time.
    expect(await failureOf('abort looking')).toBe(failures[0]);
  });

  it('tells that there is no card from one that fails', async () => {
    const heard: string[] = [];
    const failure = await failureOf('none', { debug: (text) => heard.push(text) });
    expect(failure).toBeInstanceOf(NoAdapter);
    expect(heard).toEqual(['drivers wrote: a driver is asked']);
  });

  it('ends the process where it is interrupted, and tries again when it is asked again', async () => {
    const file = join(folder, 'pid');
    vi.stubEnv('BROKEN_CARD_PID', file);
    const controller = new AbortController();
    const interrupted = failureOf('hang looking', { signal: controller.signal });
    await expect.poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : ''), { timeout: 60_000 }).toMatch(/^\d+$/);
    controller.abort();
    expect(await interrupted).toBe(controller.signal.reason);
    await expect.poll(() => lives(Number(readFileSync(file, 'utf8'))), { timeout: 60_000 }).toBe(false);
    const again = await failureOf('hang looking', { patience: { adapter: 0.1, compile: 1, answer: 1 } });
    expect(again.message).toMatch(/does not return within 0.1 s, opening a card$/);
  });
});

it('a run that asks for a card is told the last that drivers wrote, without where in their sources', async () => {
  for (const [name, value] of Object.entries(brokenCard('segfault opening'))) vi.stubEnv(name, value);
  await expect(checkCard({ engine: 'annealed', backend: 'webgpu' }, {})).rejects.toThrow(
    /ended the process that tried it by signal SIGSEGV, opening a card; drivers wrote last: a driver is asked$/,
  );
  const said =
    'error: no XDG\nWarning: Vulkan 1.1 required.\n - While initializing adapter\n    at InitializeImpl (Vk.cpp:257)';
  expect(new NoAdapter('none', said).lastSaid).toBe('Warning: Vulkan 1.1 required.');
  expect(new NoAdapter('none').lastSaid).toBeUndefined();
});

it('a card that fails is a failed check of crackle doctor, with the last that its driver wrote', async () => {
  for (const [name, value] of Object.entries(brokenCard('segfault opening'))) vi.stubEnv(name, value);
  const failed = {
    state: 'failed',
    detail: expect.stringMatching(/ended the process that tried it by signal SIGSEGV, opening a card$/),
    advice: expect.stringMatching(/; before that drivers wrote: a driver is asked$/),
  };
  expect(await cardChecks()).toMatchObject([
    { name: 'backend webgpu', ...failed },
    { name: 'annealed on webgpu', ...failed },
  ]);
});

it('a process that tries a card and has no memory is no fault of a driver', async () => {
  vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=2');
  vi.stubEnv('CRACKLE_ADAPTER', 'of little memory');
  const error = await triedCard('matrices').catch((thrown: unknown) => thrown);
  expect(error).not.toBeInstanceOf(CardFailure);
  expect(String(error)).toMatch(
    /can't be tried: the process that does so ran out of memory \(.*(OOM|out of memory).*\)$/,
  );
});

describe.skipIf(skip !== undefined)('triedCard(kind) (needs an adapter)', () => {
  it('finds the adapter, by chain, by networks and by products, and has it taken for right afterwards', async () => {
    const [networks, matrices] = await Promise.all([triedCard('networks'), triedCard('matrices')]);
    const chain = await triedCard('chain');
    expect([networks, matrices.adapter]).toEqual([chain, chain.adapter]);
    expect(lanesFound(chain.adapter)).toBe(chain.lanes);
  });
});

it('a process ends by a signal, or on Windows with a code that has a meaning', () => {
  expect(endOf(null, 'SIGSEGV')).toBe('by signal SIGSEGV');
  expect(endOf(3, null)).toBe('with exit code 3');
  expect(endOf(0xc0000005, null)).toBe('with exit code 0xC0000005 (access violation)');
  expect(endOf(-1073740791, null)).toBe('with exit code 0xC0000409 (abort)');
});
