import { start } from '../../cli/crackle.ts';
import { quiet } from '../runs.ts';
import { type Fault, leaves, pipelineWords, underWay } from '../scene.ts';
import { clockPreload, limited } from './disk.ts';

/** Limits of a shell under which a run may or may not come to its end; where it doesn't, a sentence says why, or the system ended it. */
const under =
  (what: string, draw: (n: (most: number) => number) => number, limits: (value: number) => string): Fault =>
  async (scene) => {
    const value = draw(scene.draw);
    const { status, signal, stderr } = limited(limits(value), [...scene.words, '--out', scene.out]);
    if (status === null && signal === 'SIGTERM') throw new Error(`hangs under ${what} ${value}: ${stderr}`);
    return { what: `${what} ${value}, left with ${status ?? signal}`, said: stderr };
  };

const heap: Fault = async (scene) => {
  const megabytes = 12 + scene.draw(40);
  const env = { ...process.env, NODE_OPTIONS: `--max-old-space-size=${megabytes}` };
  const { status, signal, stderr } = limited('true', [...scene.words, '--out', scene.out], env);
  if (status === null && signal === 'SIGTERM') throw new Error(`hangs with a heap of ${megabytes} MB: ${stderr}`);
  return { what: `a heap of ${megabytes} MB, left with ${status ?? signal}`, said: stderr };
};

const outOfTime: Fault = async (scene) => {
  const { code, said } = await leaves(start([...scene.words, '--out', scene.out, '--max-time', '1s']));
  if (code !== 0 && code !== 130) throw new Error(`left with ${code}: ${said}`);
  return { what: `a second of time, left with ${code}`, said };
};

const hours = 3_600_000;

function jumping(draw: (n: number) => number): NodeJS.ProcessEnv {
  const jumps = Array.from({ length: 3 }, () => [draw(2500), (draw(96) - 48) * hours]);
  return { ...process.env, NODE_OPTIONS: clockPreload, JUMPING_CLOCK: JSON.stringify(jumps) };
}

const clock: Fault = async (scene) => {
  const { code, said } = await leaves(start([...scene.words, '--out', scene.out], { env: jumping(scene.draw) }));
  if (code !== 0) throw new Error(`left with ${code}: ${said}`);
  return { what: 'a clock that jumps', said };
};

const clockAndKill: Fault = async (scene) => {
  const run = await underWay(scene, { env: jumping(scene.draw) });
  run.child.kill('SIGKILL');
  const { code } = await leaves(run);
  return { what: `a clock that jumps, and SIGKILL: left with ${code}` };
};

/** A second driver whose clock is days ahead: to it, the first one's signs of life are old. */
const clockOfAnother: Fault = async (scene) => {
  const { out, draw, field } = scene;
  const run = await underWay(scene);
  const env = {
    ...process.env,
    NODE_OPTIONS: clockPreload,
    JUMPING_CLOCK: JSON.stringify([[0, (1 + draw(48)) * hours]]),
  };
  const other = await start(['resume', out, ...quiet, ...pipelineWords(field)], { env }).ended;
  const { code, said } = await leaves(run);
  if (code !== 0) throw new Error(`its folder was taken from it, left with ${code}: ${said}`);
  if (other.code !== 0 && !/is being written by process|is complete/.test(other.stderr)) throw new Error(other.stderr);
  return { what: `another driver, hours ahead: left with ${code} and ${other.code}`, said };
};

export const limits: Readonly<Record<string, Fault>> = {
  'limit: open files': under(
    'open files',
    (draw) => 20 + draw(25),
    (value) => `ulimit -n ${value}`,
  ),
  'limit: address space': under(
    'address space, MiB',
    (draw) => 700 + draw(1500),
    (value) => `ulimit -v ${1024 * value}`,
  ),
  'limit: heap': heap,
  'clock: jumps': clock,
  'clock: jumps, and KILL': clockAndKill,
  'clock: two drivers, one ahead': clockOfAnother,
  'limit: no time': outOfTime,
};
