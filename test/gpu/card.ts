import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { NoAdapter } from '../../src/gpu/failure.ts';
import { type Tried, triedCard } from '../../src/propagation/card-trial.ts';
import { CardSession } from './card-session.ts';
import { stepsOf } from './card-steps.ts';

/**
 * npm run card [-- word …]: all that is asked of a graphics card in four minutes, or the steps whose names hold a word; what matters most first,
 * every line as it comes, and at the end all figures as tables. Each step is a process: one that fails or takes too long costs no other, and what was measured is
 * kept in a folder after each, also where this is interrupted. CRACKLE_CARD_SECONDS is the time for all of them, of which each may take its share,
 * CRACKLE_CARD_OUT the folder (output/card/<time> as it comes).
 */
const usual = 235;
const root = resolve(import.meta.dirname, '../..');
const date = new Date().toISOString().slice(0, 19);
const folder = resolve(process.env.CRACKLE_CARD_OUT ?? join(root, 'output/card', date.replaceAll(':', '-')));

const stop = new AbortController();
// Once more ends nothing sooner: the step under way has two seconds.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort());

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};

/** Seconds that a driver has, so that one that hangs leaves steps their time: where nothing keeps a card awake it needs half a minute to say what there is. */
const patience = { adapter: 45, compile: 45, answer: 20 };

/** In a process of its own. One that fails is asked all the same: each step says what it makes of it. */
async function tried(): Promise<Omit<Tried, 'speed'> & { readonly failure?: string }> {
  try {
    return await triedCard('chain', { signal: stop.signal, patience });
  } catch (error) {
    const { message } = error as Error;
    console.error(message);
    if (error instanceof NoAdapter || stop.signal.aborted) process.exit(2);
    return { adapter: 'a card that fails', lanes: 'unknown', software: false, failure: message };
  }
}

const { adapter, lanes, software, failure } = await tried();
const session = new CardSession({
  folder,
  root,
  about: {
    card: adapter,
    lanes,
    ...(failure === undefined ? {} : { failure }),
    ...(software
      ? { note: 'a program that stands in for a card: sizes are small, and figures say that it works, no more' }
      : {}),
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    'memory (GB)': Math.round(totalmem() / 1e9),
    node: process.version,
    commit: commit(),
    date,
  },
  seconds: Number(process.env.CRACKLE_CARD_SECONDS ?? usual),
  usual,
  env: {
    ...process.env,
    CRACKLE_TEST_GPU: '1',
    CRACKLE_ROWS: join(folder, 'rows.jsonl'),
    // Drivers complain where there is none, each process anew.
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? folder,
  },
  signal: stop.signal,
});
session.say(`${adapter}, ${lanes}; results are kept in ${relative('', folder) || folder}\n`);

const wanted = process.argv.slice(2);
const steps = stepsOf({ root, software });
await session.conduct(steps.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word))));
session.say(`\n---\n\n${session.text}\n`);
process.exitCode = stop.signal.aborted ? 130 : session.failed ? 1 : 0;
