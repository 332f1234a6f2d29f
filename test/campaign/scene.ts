import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type StartOptions, start } from '../cli/crackle.ts';
import type { Draw } from './damage.ts';
import type { Field } from './runs.ts';

/** One trial's run, and the draws that decide what happens to it. */
export interface Scene {
  readonly field: Field;
  readonly out: string;
  readonly words: readonly string[];
  readonly draw: Draw;
}

/** What was done to a run. */
export interface Hit {
  readonly what: string;
  /** Where the folder is now, if it has moved. */
  readonly out?: string;
  /** File that was damaged: a refusal must name it. */
  readonly damaged?: string;
  /** Files of different moments: a refusal must name one that doesn't fit. */
  readonly torn?: true;
  /** URL of the queue that the run goes on with. */
  readonly queue?: string;
  /** More words for the command that goes on with it. */
  readonly more?: readonly string[];
  /** How the run ended, where the fault has brought it to its end. */
  readonly settled?: { readonly code: number | string | null; readonly stderr: string };
  /** What was said by whoever met the fault: never that it is a bug of crackle. */
  readonly said?: string;
}

export type Fault = (scene: Scene) => Promise<Hit>;

export type Started = ReturnType<typeof start>;

/** Waits until a run has a manifest, or is gone. */
export async function begun(out: string, { child }: Started): Promise<void> {
  while (!existsSync(join(out, 'manifest.json'))) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    await sleep(5);
  }
}

/** A run that has been under way for a while drawn at random. */
export async function underWay(
  scene: Scene,
  options: StartOptions = {},
  more: readonly string[] = [],
): Promise<Started> {
  const { out, words, draw, field } = scene;
  const started = start([...words, '--out', out, ...more], options);
  await begun(out, started);
  await sleep(draw(Math.ceil(0.6 * field.lasts)));
  return started;
}

/** Whatever a process said and left with, for a verdict. */
export async function leaves({ ended, child }: Started): Promise<{ code: number | string | null; said: string }> {
  const { code, stderr } = await ended;
  return { code: code ?? child.signalCode, said: stderr };
}

/** Words by which a run of a user's pipeline is gone on with. */
export const pipelineWords = ({ kind: { file } }: Field): string[] => (file === undefined ? [] : ['--pipeline', file]);
