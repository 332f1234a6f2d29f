import { mkdirSync } from 'node:fs';
import { start } from '../../cli/crackle.ts';
import { type Fault, leaves } from '../scene.ts';

// Threads have heaps as small as the process, so that they are full before the machine is.
const env = { ...process.env, NODE_OPTIONS: '--max-old-space-size=160' };

/** A user's stage takes the worker of a partition with it, once. */
const loses =
  (how: string, expected: number | undefined, more: readonly string[] = []): Fault =>
  async ({ out, words, draw }) => {
    const memory = `${out}-memory`;
    mkdirSync(memory);
    const at = draw(30);
    const faults = ['--faults', `${at}:${how}`, '--memory', memory, ...more];
    const { code, said } = await leaves(start([...words, '--out', out, ...faults], { env }));
    if (expected !== undefined && code !== expected) throw new Error(`left with ${code}: ${said}`);
    return { what: `partition ${at}: ${how}, left with ${code}`, said, more };
  };

export const stages: Readonly<Record<string, Fault>> = {
  'thread: ends': loses('exit', 0),
  'thread: out of memory': loses('memory', 0),
  'thread: hangs': loses('hang', 0, ['--partition-timeout', '2s']),
  // Where another partition has begun, that one is lost, too.
  'thread: dies after its partition': loses('late', 0),
  'thread: a stage throws': loses('throw', 2),
};
