import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { CardSession, type Step } from './card-session.ts';
import { lives } from './lives.ts';

const folder = temporaryFolder();

/** A step of a line of JavaScript, which tells a row of a table by `tell`. */
const step = (name: string, code: string, seconds = 60): Step => ({
  name,
  seconds,
  words: [
    '-e',
    `const tell = (what) => require('node:fs').appendFileSync(process.env.CRACKLE_ROWS, JSON.stringify({ table: 'Speeds', cells: { what } }) + '\\n'); ${code}`,
  ],
});
/** Goes on whatever it is told, and so does what it starts. */
const stubborn = `process.on('SIGTERM', () => {}); const words = ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"];
console.log('child', require('node:child_process').spawn(process.execPath, words).pid); setInterval(() => {}, 1000);`;

function sessionIn(name: string, signal: AbortSignal, seconds: number): { session: CardSession; out: string } {
  const out = join(folder, name);
  const env = { ...process.env, CRACKLE_ROWS: join(out, 'rows.jsonl') };
  const spent = performance.now() / 1000;
  const about = { card: 'maker of cards', cores: 2 };
  const session = new CardSession({
    folder: out,
    root: folder,
    about,
    seconds: spent + seconds,
    usual: spent + seconds,
    env,
    signal,
  });
  return { session, out };
}
const resultsIn = (out: string) =>
  JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as { steps: { end: string }[]; rows: unknown[] };
const childIn = (out: string): number => Number(/child (\d+)/.exec(readFileSync(join(out, 'log.txt'), 'utf8'))?.[1]);

beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

it('keeps what steps told, whatever becomes of them, and ends what takes too long', async () => {
  const { session, out } = sessionIn('whole', new AbortController().signal, 60);
  await session.conduct([
    step('first', "tell('one'); console.log('said')"),
    step('fails', "tell('two'); process.exit(3)"),
    step('crashes', "process.kill(process.pid, 'SIGSEGV')"),
    step('slow', 'setInterval(() => {}, 1000)', 1),
    step('last', "tell('three')"),
  ]);
  expect(resultsIn(out)).toMatchObject({
    card: 'maker of cards',
    steps: [
      { name: 'first', end: 'done' },
      { name: 'fails', end: 'failed with exit code 3' },
      { name: 'crashes', end: 'failed by signal SIGSEGV' },
      { name: 'slow', end: 'ended after 1 s' },
      { name: 'last', end: 'done' },
    ],
    rows: ['one', 'two', 'three'].map((what) => ({ table: 'Speeds', cells: { what } })),
  });
  const text = readFileSync(join(out, 'results.md'), 'utf8');
  expect(text).toMatch(
    /^card: maker of cards; cores: 2\n\n\*\*Speeds\*\*\n\n\| what \|\n\| --- \|\n\| one \|\n\| two \|/,
  );
  expect(text).toMatch(
    /Not whole:\n\n- failed with exit code 3: fails\n- failed by signal SIGSEGV: crashes\n- ended after 1 s: slow\n$/,
  );
  expect(readFileSync(join(out, 'log.txt'), 'utf8')).toContain('said\n');
  expect(session.failed).toBe(true);
});

it('ends the step under way, with all that it started, where it is interrupted, keeps what was told, and leaves out those that follow', async () => {
  const stop = new AbortController();
  const { session, out } = sessionIn('interrupted', stop.signal, 60);
  const over = session.conduct([step('under way', `tell('one'); ${stubborn}`), step('next', "tell('two')")]);
  await expect.poll(() => childIn(out)).toBeGreaterThan(0);
  // While it is under way, too: who ends this process by force ends no more than the step.
  await expect.poll(() => resultsIn(out).rows).toHaveLength(1);
  stop.abort();
  await over;
  expect(resultsIn(out)).toMatchObject({
    steps: [{ end: 'interrupted' }, { end: 'left out: interrupted' }],
    rows: [{ cells: { what: 'one' } }],
  });
  await expect.poll(() => lives(childIn(out))).toBe(false);
});

it('leaves out what there is no time for', async () => {
  const { session, out } = sessionIn('late', new AbortController().signal, 4);
  await session.conduct([step('first', '')]);
  expect(resultsIn(out).steps).toMatchObject([{ end: 'left out: no time' }]);
  expect(session.failed).toBe(false);
  expect(readFileSync(join(out, 'results.md'), 'utf8')).toMatch(/\n\nTook \d+ s of \d+\.\n/);
  expect(sessionIn('later', new AbortController().signal, -10).session.text).toMatch(/\n\nTook \d+ s of -?\d+, late\./);
});
