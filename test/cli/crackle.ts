import { type SpawnOptions, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const root: string = resolve(import.meta.dirname, '../..');
const built = join(root, 'dist/src/cli/main.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface StartOptions extends SpawnOptions {
  /** Another entry than that of this build. */
  readonly entry?: string;
}

/** Starts the built command line as a user's shell would; `ended` resolves when it is gone. */
export function start(words: readonly string[], { entry = built, ...options }: StartOptions = {}) {
  const child = spawn(process.execPath, [entry, ...words], {
    cwd: root,
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => done({ code, stdout: Buffer.concat(stdout), stderr }));
  });
  return { child, ended, stderr: () => stderr };
}

/** Runs the command line to its end. */
export const crackle = (words: readonly string[], options: StartOptions = {}): Promise<Ended> =>
  start(words, options).ended;
