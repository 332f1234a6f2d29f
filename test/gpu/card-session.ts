import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { tablesOf, toldRows } from '../bench/rows.ts';

/** Something that is asked of a card, by a process of its own. */
export interface Step {
  readonly name: string;
  /** Its share of the usual time, at most. */
  readonly seconds: number;
  /** Of node. */
  readonly words: readonly string[];
}

interface Taken {
  readonly name: string;
  readonly command: string;
  readonly seconds: number;
  /** `done`, or why it isn't whole. */
  readonly end: string;
}

export interface SessionOptions {
  /** Where results go: `results.md` and `results.json`, written anew after each step, and all that steps say, `log.txt`. */
  readonly folder: string;
  readonly root: string;
  /** What is measured, and when. */
  readonly about: Readonly<Record<string, string | number>>;
  /** For all steps, from the beginning of this process. */
  readonly seconds: number;
  /** For all steps, where their shares hold as they are. */
  readonly usual: number;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the step under way, and leaves out those that follow. */
  readonly signal: AbortSignal;
}

/** Seconds that a step needs at least, and that one which is ended has to go. */
const FEWEST = 5;
const GRACE = 2;

/** Steps one after the other within a time, whose results are kept as they come. */
export class CardSession {
  readonly #options: SessionOptions;
  readonly #rows: string;
  readonly #taken: Taken[] = [];
  /** Bytes of the rows that are kept as tables. */
  #kept = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#rows = join(options.folder, 'rows.jsonl');
    mkdirSync(options.folder, { recursive: true });
    writeFileSync(this.#rows, '');
    this.#keep();
  }

  /** Whether a step failed, other than for want of time. */
  get failed(): boolean {
    return this.#taken.some(({ end }) => end.startsWith('failed'));
  }

  /** Something to be read: shown, and put into the log. */
  say(text: string): void {
    stdout.write(text);
    appendFileSync(join(this.#options.folder, 'log.txt'), text);
  }

  /** What was measured so far, as tables, with what isn't whole. */
  get text(): string {
    const { about, seconds: all } = this.#options;
    const spent = performance.now() / 1000;
    const late = spent > all + GRACE ? ', late' : '';
    const lines = Object.entries(about).map(([what, value]) => `${what}: ${value}`);
    const ends = [...new Set(this.#taken.map(({ end }) => end))].filter((end) => end !== 'done');
    const rest = ends.map((end) => {
      const names = this.#taken.filter((one) => one.end === end).map(({ name }) => name);
      return `- ${end}: ${names.join(', ')}`;
    });
    const whole = this.#taken.filter(({ end }) => end === 'done').map(({ name, seconds }) => `${name} ${seconds} s`);
    return [
      lines.join('; '),
      tablesOf(toldRows(this.#rows)),
      `Took ${spent.toFixed(0)} s of ${all.toFixed(0)}${late}.`,
      ...(whole.length === 0 ? [] : [`Whole: ${whole.join(', ')}.`]),
      ...(rest.length === 0 ? [] : [`Not whole:\n\n${rest.join('\n')}`]),
    ].join('\n\n');
  }

  async conduct(steps: readonly Step[]): Promise<void> {
    const { seconds: all, usual, root, signal } = this.#options;
    for (const { name, seconds: share, words } of steps) {
      const began = performance.now() / 1000;
      const left = all - began;
      const command = words.join(' ').replaceAll(`${root}/`, '');
      let end = signal.aborted ? 'left out: interrupted' : 'left out: no time';
      if (!signal.aborted && left >= FEWEST) {
        this.say(`\n${began.toFixed(0)} s: ${name}: ${command}\n`);
        end = await this.#run(words, Math.min((share * all) / usual, left));
        if (end !== 'done') this.say(`${name} ${end}\n`);
      }
      this.#taken.push({ name, command, seconds: Math.round(performance.now() / 1000 - began), end });
      this.#keep();
    }
  }

  /** @returns how it ended */
  #run(words: readonly string[], limit: number): Promise<string> {
    const { root, env, signal } = this.#options;
    const child = spawn(process.execPath, words, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        this.say(text.toString());
        // What this process doesn't outlive is kept, too.
        if (statSync(this.#rows).size > this.#kept) this.#keep();
      });
    }
    const kill = (how: NodeJS.Signals): void => {
      try {
        // With what it started itself.
        process.kill(-child.pid!, how);
      } catch {
        // Nothing of it is left.
      }
    };
    return new Promise((done) => {
      let why: string | undefined;
      const stop = (what: string): void => {
        why ??= what;
        kill('SIGTERM');
        setTimeout(kill, 1000 * GRACE, 'SIGKILL').unref();
      };
      const timer = setTimeout(stop, 1000 * limit, `ended after ${limit.toFixed(0)} s`);
      const interrupt = (): void => stop('interrupted');
      signal.addEventListener('abort', interrupt);
      child.on('error', (error) => done(`failed: ${error.message}`));
      child.on('exit', (code, by) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', interrupt);
        // Nothing that it started may go on beside the next.
        kill('SIGKILL');
        done(why ?? (code === 0 ? 'done' : `failed ${by === null ? `with exit code ${code}` : `by signal ${by}`}`));
      });
    });
  }

  #keep(): void {
    const { folder, about } = this.#options;
    this.#kept = statSync(this.#rows).size;
    const results = { ...about, steps: this.#taken, rows: toldRows(this.#rows) };
    writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
    writeFileSync(join(folder, 'results.md'), `${this.text}\n`);
  }
}
