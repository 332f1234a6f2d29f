import { execFileSync } from 'node:child_process';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A line of the table that is printed at the end. */
export interface Row {
  readonly what: string;
  readonly version: string;
  /** 'yes', or what doesn't work and why. */
  readonly works: string;
  readonly mb?: string;
  /** Of the install. */
  readonly seconds?: string;
}

/** Starts a program and gives what it printed; three minutes at most. */
export const output = (words: readonly string[], cwd: string, env: Environment = {}): string =>
  execFileSync(words[0]!, words.slice(1), {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: 'pipe',
    maxBuffer: 2 ** 26,
    timeout: 180_000,
  });

/** Undefined where a program ended well, else the line in which it says what is wrong. */
export function complaint(words: readonly string[], cwd: string, env: Environment = {}): string | undefined {
  try {
    output(words, cwd, env);
    return undefined;
  } catch (error) {
    const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message: string };
    const lines = (stderr?.trim() || stdout?.trim() || message).split('\n');
    return (lines.find((line) => /rror|crackle:/.test(line)) ?? lines.at(-1)!).trim();
  }
}

/** What is tried, by name, and what came of it: 'yes', or each that failed with its line. */
export function tried(attempts: Readonly<Record<string, string | undefined>>): string {
  const failed = Object.entries(attempts).filter(([, said]) => said !== undefined);
  return failed.length === 0
    ? 'yes'
    : `no: ${failed.map(([name, said]) => `${name} (${said!.slice(0, 200)})`).join('; ')}`;
}

/** Seconds that something took. */
export function timed(act: () => void): number {
  const began = performance.now();
  act();
  return (performance.now() - began) / 1000;
}

/** A table in Markdown. */
export function table(rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const cells = ({ what, version, works, mb, seconds }: Row): string =>
    line([what, version, works.replaceAll('|', '\\|'), mb ?? '', seconds ?? '']);
  return [line(['What', 'Version', 'Works', 'MB', 's']), '|---|---|---|---|---|', ...rows.map(cells)].join('\n');
}
