import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Major versions of V8 that this was measured with. One that isn't known is left as it is, since V8 tells of a flag that it hasn't got. */
const later: Readonly<Record<string, string>> = {
  11: '--interrupt-budget=400000',
  12: '--invocation-count-for-turbofan=12000',
  13: '--invocation-count-for-turbofan=12000',
};

const version = process.versions.v8?.split('.')[0] ?? '';

/** The flag of {@link optimiseLater}, for a process that is started with it; undefined where it isn't known. */
export const optimisesLater: string | undefined = later[version];

function tell(flag: string | undefined): void {
  if (flag === undefined) return;
  try {
    setFlagsFromString(flag);
  } catch {
    // A runtime that isn't Node, and says it has that V8.
  }
}

/**
 * Has V8 wait for four to six times as long as it would before it optimises a function, in all threads of this process. The long loops of a run are
 * WebAssembly; beside them there is much JavaScript that runs for a short time, and compiling it takes more than it gains.
 */
export function optimiseLater(): void {
  tell(optimisesLater);
}

/**
 * Has young generations of this process stay as large as they are: that of the main thread would grow to 32 MB in a long run, of which it uses few. To be
 * told again and again, as V8 forgets it where a thread starts.
 */
export function keepYoungGenerations(): void {
  if (version in later) tell('--semi-space-growth-factor=1');
}

/** Gives threads that start from now on V8's `gc`, as `node --expose-gc` does. */
export function exposeCollector(): void {
  if (version in later) tell('--expose-gc');
}

/** The `gc` of this thread, which has started before; undefined where none was exposed. */
export function ownCollector(): (() => void) | undefined {
  return runInNewContext('globalThis.gc') as (() => void) | undefined;
}

/**
 * Has V8 optimise no function any more: told when a run draws, whose code has run for practice. What little is left of the process pays for no more of it,
 * and compiling would take the cores from what is drawn.
 */
export function optimiseNoMore(): void {
  if (version in later) tell('--no-opt');
}
