import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '../../cli/crackle.ts';
import { quiet } from '../runs.ts';
import { begun, type Fault, leaves, pipelineWords, underWay } from '../scene.ts';

/** A run that is signalled at a moment drawn at random, once or twice. */
export const struck =
  (first: NodeJS.Signals, again?: NodeJS.Signals): Fault =>
  async (scene) => {
    const run = await underWay(scene);
    run.child.kill(first);
    if (again !== undefined) {
      await sleep(scene.draw(40));
      run.child.kill(again);
    }
    const { code, said } = await leaves(run);
    return { what: `${first}${again === undefined ? '' : ` and ${again}`}, left with ${code}`, said };
  };

/** A resume is killed as well, before it has come to an end. */
const killedTwice: Fault = async (scene) => {
  const { out, draw, field } = scene;
  const first = await struck('SIGKILL')(scene);
  const resumed = start(['resume', out, ...quiet, ...pipelineWords(field)]);
  await begun(out, resumed);
  await sleep(draw(Math.ceil(field.lasts)));
  resumed.child.kill('SIGKILL');
  const { code } = await leaves(resumed);
  return { ...first, what: `${first.what}; then its resume, left with ${code}` };
};

/** A machine that sleeps: stopped for a while, then woken. */
const stopped: Fault = async (scene) => {
  const run = await underWay(scene);
  run.child.kill('SIGSTOP');
  await sleep(scene.draw(800));
  run.child.kill('SIGCONT');
  const { code, said } = await leaves(run);
  return { what: `SIGSTOP and SIGCONT, left with ${code}`, said };
};

export const signals: Readonly<Record<string, Fault>> = {
  'driver: KILL': struck('SIGKILL'),
  'driver: TERM': struck('SIGTERM'),
  'driver: HUP': struck('SIGHUP'),
  'driver: INT': struck('SIGINT'),
  'driver: INT twice': struck('SIGINT', 'SIGINT'),
  'driver: INT, then KILL': struck('SIGINT', 'SIGKILL'),
  'driver: KILL, its resume too': killedTwice,
  'driver: stopped and woken': stopped,
};
