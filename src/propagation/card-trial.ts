import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { CardError, CardFailure, NoAdapter } from '../gpu/failure.ts';
import { keepLanes } from '../gpu/found-lanes.ts';
import { PATIENCE, type Wait } from '../gpu/patience.ts';
import { bundled, packageRoot } from '../schema/package-root.ts';
import { wordsFor } from '../thread.ts';
import type { OwnRun } from './own-run.ts';
import { endOf } from './process-end.ts';

/** What is tried: the chain of engine annealed, the same and shared networks, or products of matrices by TensorFlow.js. */
export type TrialKind = 'chain' | 'networks' | 'matrices';

/** A card that was tried. */
export interface Tried {
  readonly adapter: string;
  /** Who adds a layer up. */
  readonly lanes: string;
  /** True where it is a program on the processor. */
  readonly software: boolean;
  /** If measured: neurons times layers a second, or floating-point operations a second. */
  readonly speed?: number;
  /** Why kernels of the run that were to be tried, too, couldn't be. */
  readonly untried?: string;
}

/** What the process says that tries a card. */
export type TrialWord =
  | { readonly wait: Wait }
  | { readonly adapter: string }
  | { readonly tried: Tried }
  | { readonly failed: string; readonly absent: boolean };

export interface TrialOptions {
  /** Measures the speed, too. Default false. */
  readonly measured?: boolean;
  /** Takes no program that stands in for a card. Default false. */
  readonly real?: boolean;
  /** Tries the kernels of this run, too. Default none. */
  readonly own?: OwnRun | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears what drivers write to their terminal. */
  readonly debug?: ((text: string) => void) | undefined;
  /** Seconds that are waited for each; as usual where they aren't given. */
  readonly patience?: Readonly<Partial<Record<Wait, number>>>;
}

const doing: Readonly<Record<Wait, string>> = {
  adapter: 'opening a card',
  compile: 'compiling a kernel',
  answer: 'computing',
  own: 'trying the kernels of this run',
};

/** What V8 writes before it ends a process for want of memory: that is no driver's doing. */
const noMemory = /^(?:# Fatal (?:process|javascript) |FATAL ERROR: )(.*(?:OOM|out of memory).*)$/im;

/** Characters of a driver's words that are kept. */
const MOST = 4000;
/** Seconds beyond its own limits that the process has to report that it gave up, and to end. */
const GRACE = 5;
const usual = { ...PATIENCE, compile: PATIENCE.compile + GRACE, answer: PATIENCE.answer + GRACE };

function startTrial(kind: TrialKind, { measured, real, own }: TrialOptions): ChildProcess {
  const entry = bundled
    ? pathToFileURL(join(packageRoot, 'dist/src/run/card-trial-process.js'))
    : new URL('../run/card-trial-process.ts', import.meta.url);
  const wanted = [...(measured ? ['measured'] : []), ...(real ? ['real'] : [])];
  const words = [...wordsFor(entry), kind, own === undefined ? '' : JSON.stringify(own), ...wanted];
  // Its stdin ends with this process.
  return spawn(execPath, words, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
}

async function tryCard(kind: TrialKind, options: TrialOptions): Promise<Tried> {
  const { signal, debug } = options;
  const patience = { ...usual, ...options.patience };
  signal?.throwIfAborted();
  const child = startTrial(kind, options);
  let said = '';
  // Without any where there is no process, either.
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => {
      said = `${said}${text}`.slice(-MOST);
    });
  }
  child.stdin?.on('error', () => {});
  let [at, adapter]: [Wait, string | undefined] = ['adapter', undefined];
  let timer: NodeJS.Timeout | undefined;
  const failure = (what: string): CardFailure =>
    new CardFailure(`backend webgpu fails${adapter === undefined ? '' : ` on ${adapter}`}: ${what}`, said.trim());
  let interrupt = (): void => {};
  try {
    return await new Promise<Tried>((resolve, reject) => {
      const waitFor = (next: Wait): void => {
        at = next;
        clearTimeout(timer);
        const late = `its driver does not return within ${patience[at]} s, ${doing[at]}`;
        // What is said once this is over must not hold anything up.
        timer = setTimeout(() => reject(failure(late)), 1000 * patience[at]).unref();
      };
      waitFor('adapter');
      const words = child.stdio?.[3] as Readable | undefined;
      if (words !== undefined)
        createInterface(words).on('line', (line) => {
          const word = JSON.parse(line) as TrialWord;
          if ('wait' in word) waitFor(word.wait);
          else if ('adapter' in word) ({ adapter } = word);
          else if ('tried' in word) resolve(word.tried);
          else reject(new (word.absent ? NoAdapter : CardFailure)(word.failed, said.trim()));
        });
      child.on('error', (error) => reject(failure(`no process can be started to try it (${error.message})`)));
      child.on('close', (...end) => {
        const [, lacks] = noMemory.exec(said) ?? [];
        reject(
          lacks === undefined
            ? failure(`its driver ended the process that tried it ${endOf(...end)}, ${doing[at]}`)
            : new CardError(`backend webgpu can't be tried: the process that does so ran out of memory (${lacks})`),
        );
      });
      interrupt = () => reject(signal!.reason);
      signal?.addEventListener('abort', interrupt);
    });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    clearTimeout(timer);
    if (said.trim() !== '') debug?.(`drivers wrote: ${said.trim()}`);
    leave(child);
  }
}

/** Lets a process end by itself, since drivers may still be storing compiled kernels, without waiting for it. */
function leave(child: ChildProcess): void {
  setTimeout(() => child.kill('SIGKILL'), 1000 * GRACE).unref();
  child.unref();
  for (const stream of child.stdio ?? []) (stream as Socket | null)?.unref();
}

const trials = new Map<string, Promise<Tried>>();

const keyOf = (kind: TrialKind, { measured = false, own }: TrialOptions): string =>
  JSON.stringify([kind, measured, env.CRACKLE_ADAPTER, own]);

/**
 * Tries this machine's card in a process of its own, since a broken driver may end, or stop, the one that uses it: opens it, compiles and computes. Once
 * for as long as this process lives; whoever uses the card here afterwards takes for right what was found right.
 * @throws NoAdapter (as a rejection) where the package, a driver or an adapter is missing, CardFailure where it crashes, hangs or computes wrongly, the
 * CardError where that process has no memory, the reason of `signal`
 */
export function triedCard(kind: TrialKind, options: TrialOptions = {}): Promise<Tried> {
  const key = keyOf(kind, options);
  let trial = trials.get(key);
  if (trial === undefined) {
    trial = tryCard(kind, options);
    trials.set(key, trial);
    trial.then(
      ({ adapter, lanes }) => {
        // A card whose kernels of a run are right is right.
        const card = keyOf(kind, { ...options, own: undefined });
        if (!trials.has(card))
          trials.set(
            card,
            trial!.then(({ untried: _, ...right }) => right),
          );
        if (kind !== 'matrices') keepLanes(adapter, lanes);
      },
      (error: unknown) => {
        // What stands in for a card may be asked for by name.
        if (options.signal?.aborted || (options.real && error instanceof NoAdapter)) trials.delete(key);
      },
    );
  }
  return trial;
}
