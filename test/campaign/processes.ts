import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { uniform } from '../store/avalanche-columns.ts';
import type { Draw } from './damage.ts';
import { disk } from './faults/disk.ts';
import { folders } from './faults/folders.ts';
import { limits } from './faults/limits.ts';
import { queueFaults } from './faults/queue.ts';
import { shardFaults } from './faults/shards.ts';
import { signals } from './faults/signals.ts';
import { stages } from './faults/stages.ts';
import { judge } from './judge.ts';
import { type Field, type RunKind, runKinds } from './runs.ts';
import type { Fault, Scene } from './scene.ts';
import type { Trial } from './trial.ts';

/** The faults that a kind of run can meet, by name. */
function faultsOf(kind: RunKind, queues: boolean): Readonly<Record<string, Fault>> {
  return {
    ...signals,
    ...folders,
    ...disk,
    ...limits,
    // A run of several phases can't be shared out.
    ...(kind.name === 'phases' ? {} : shardFaults),
    ...(kind.file === undefined ? {} : stages),
    ...(queues ? queueFaults : {}),
  };
}

/** Which kind of run a trial is of: they take turns. */
const kindOf = (seed: number): RunKind => runKinds[seed % runKinds.length]!;

/** Which fault a trial is of: all of a kind of run take turns, and no two kinds are at the same one. */
export function faultOf(seed: number, queues: boolean): string {
  const turn = Math.floor(seed / runKinds.length) + 5 * (seed % runKinds.length);
  const names = Object.keys(faultsOf(kindOf(seed), queues));
  return names[turn % names.length]!;
}

/** One seeded trial: a run, something that hits it, and then its end. */
export async function processTrial(
  field: Field,
  seed: number,
  fault = faultOf(seed, field.serving !== undefined),
): Promise<Trial> {
  const random = uniform(seed * 104_729 + 7);
  for (let i = 0; i < 8; i++) random();
  const draw: Draw = (n) => Math.floor(random() * n);
  const scene: Scene = { field, out: join(field.folder, `trial-${seed}`), words: field.words, draw };
  try {
    return await judge(scene, await faultsOf(field.kind, field.serving !== undefined)[fault]!(scene));
  } catch (error) {
    return { what: fault, outcome: 'wrong', said: String(error) };
  } finally {
    // And what it made beside it.
    for (const name of readdirSync(dirname(scene.out))) {
      if (name === basename(scene.out) || name.startsWith(`${basename(scene.out)}-`))
        rmSync(join(dirname(scene.out), name), { recursive: true, force: true });
    }
  }
}
