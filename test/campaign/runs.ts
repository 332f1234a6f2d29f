import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { start } from '../cli/crackle.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { openServing, type Serving } from './serving.ts';

/** A kind of run that faults are tried on. */
export interface RunKind {
  readonly name: string;
  readonly words: readonly string[];
  /** The file of a user's pipeline: its partitions can be told to take their workers with them. */
  readonly file?: string;
}

const own = resolve(import.meta.dirname, 'pipeline.mjs');
const small = ['--alternatives', 'false', '--blocks', '4'];
const ownKind = (name: string, ...words: string[]): RunKind => ({
  name,
  words: [own, '--depth', '20', '--pause', '20', ...words],
  file: own,
});

/** Engines and pipelines of several kinds, as small as they can be. */
export const runKinds: readonly RunKind[] = [
  { name: 'regimes', words: ['regimes', '--width', '16', '--depth', '20', '--networks', '200', '--record', 'signal', '--partition-size', '10'] },
  { name: 'annealed', words: ['gaussian-avalanches', '--widths', '16,24', '--depth', '20', '--valid', '500', '--spectrum-every', '0', '--record', 'avalanche', ...small] },
  ownKind('effective', '--widths', '16,24', '--record', 'signal,avalanche'),
  ownKind('quenched', '--widths', '16', '--engine', 'quenched', '--reuse', '4', '--record', 'avalanche'),
  ownKind('dense', '--widths', '16', '--engine', 'dense', '--record', 'signal'),
  { name: 'plane', words: ['phase-diagram', '--width', '16', '--depth', '20', '--weight-cells', '4', '--bias-cells', '4', '--least-networks', '16', '--most-networks', '64', '--burn-in', '10', '--window', '10'] },
  { name: 'phases', words: ['finite-size-scaling', '--widths', '12,16', '--depth', '20', '--valid', '300', '--scan', '0,1,2', '--scan-valid', '200', '--record', 'avalanche', ...small] },
  { name: 'process', words: ['known-exponents', '--processes', 'branching', '--depth', '60', '--valid', '500', '--record', 'avalanche', ...small] },
]; // biome-ignore format: words

export const quiet: readonly string[] = ['--no-figures', '--progress', 'none', '--workers', '2'];

/** Where trials of one kind of run are made. */
export interface Field {
  readonly kind: RunKind;
  readonly folder: string;
  /** The command of the run, without the folder. */
  readonly words: readonly string[];
  /** Of an undisturbed run. */
  readonly hash: string;
  /** Milliseconds that it lasts, start and end included. */
  readonly lasts: number;
  /** A damaged file may be replaced by one of this run, of another seed. */
  readonly twin: string;
  /** A queue with two workers, where there is a server. */
  readonly serving: Serving | undefined;
  close(): Promise<void>;
}

/** Makes the field for one kind of run. */
export async function makeField(folder: string, kind: RunKind, queues: boolean): Promise<Field> {
  mkdirSync(folder, { recursive: true });
  const words = ['run', ...kind.words, ...quiet];
  let lasts = 0;
  for (const [name, seed] of [
    ['twin', '2'],
    ['whole', '1'],
  ] as const) {
    const began = performance.now();
    const { code, stderr } = await start([...words, '--seed', seed, '--out', join(folder, name)]).ended;
    if (code !== 0) throw new Error(stderr);
    lasts = performance.now() - began;
  }
  const serving = queues ? await openServing() : undefined;
  return {
    kind,
    folder,
    words,
    hash: await hashDataset(join(folder, 'whole')),
    lasts,
    twin: join(folder, 'twin'),
    serving,
    async close() {
      await serving?.close();
    },
  };
}
