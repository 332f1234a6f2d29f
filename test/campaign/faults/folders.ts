import { cpSync, renameSync, symlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '../../cli/crackle.ts';
import { type DamageKind, damage, partsOf } from '../damage.ts';
import { quiet } from '../runs.ts';
import { type Fault, leaves, pipelineWords, underWay } from '../scene.ts';
import { struck } from './signals.ts';

/** A run interrupted once it has something to lose, so that there is a checkpoint; then harm to one of its files. */
const damaged =
  (kind: DamageKind): Fault =>
  async (scene) => {
    const { out, words, field, draw } = scene;
    const run = start([...words, '--out', out]);
    const late = performance.now() + field.lasts;
    while (run.child.exitCode === null && partsOf(out) < 5 && performance.now() < late) await sleep(5);
    await sleep(draw(Math.ceil(0.2 * field.lasts)));
    run.child.kill('SIGINT');
    const { code, said } = await leaves(run);
    const what = `SIGINT, left with ${code}`;
    const done = damage(out, field.twin, draw, kind);
    if (done === undefined) return { what: `${what}; no ${kind} there to damage`, said };
    return { what: `${what}; ${done.file} ${done.what}`, damaged: done.file };
  };

const moved: Fault = async (scene) => {
  const { what } = await struck(scene.draw(2) === 0 ? 'SIGKILL' : 'SIGTERM')(scene);
  const out = `${scene.out}-moved`;
  renameSync(scene.out, out);
  return { what: `${what}, moved`, out };
};

const linked: Fault = async (scene) => {
  const hit = await struck('SIGKILL')(scene);
  const out = `${scene.out}-link`;
  symlinkSync(scene.out, out);
  return { ...hit, what: `${hit.what}, gone on with through a link`, out };
};

/** A copy, file by file, of a folder that is being written. */
const copied: Fault = async (scene) => {
  const run = await underWay(scene);
  const out = `${scene.out}-copy`;
  for (let tries = 0; ; tries++) {
    try {
      cpSync(scene.out, out, { recursive: true });
      break;
    } catch (error) {
      // A file that was there a moment ago has been renamed: cp would say so and go on.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries > 20) throw error;
    }
  }
  run.child.kill('SIGKILL');
  const { code } = await leaves(run);
  return { what: `copied while it ran, left with ${code}`, out, torn: true };
};

const refused = /is being written by process|is complete: nothing is left/;

/** Something else goes for the folder while a run writes there. */
const second =
  (what: string, words: (out: string, run: readonly string[]) => string[], expected: RegExp): Fault =>
  async (scene) => {
    const { out, words: run, field } = scene;
    const first = await underWay(scene);
    const asked = words(out, run);
    const other = await start(asked[0] === 'resume' ? [...asked, ...pipelineWords(field)] : asked).ended;
    const { code, said } = await leaves(first);
    if (other.code !== 0 && !expected.test(other.stderr)) throw new Error(`the second one said: ${other.stderr}`);
    return { what: `${what}: left with ${code} and ${other.code}`, said };
  };

const twoResumes: Fault = async (scene) => {
  const hit = await struck('SIGKILL')(scene);
  const pair = [0, 1].map(() => start(['resume', scene.out, ...quiet, ...pipelineWords(scene.field)]));
  await sleep(scene.draw(50));
  const ends = await Promise.all(pair.map(leaves));
  const bad = ends.find(
    ({ code, said }) => code !== 0 && !refused.test(said) && !/no such|holds no run|no manifest/i.test(said),
  );
  if (bad !== undefined) throw new Error(`one of two resumes said: ${bad.said}`);
  return { ...hit, what: `${hit.what}; two resumes left with ${ends.map(({ code }) => code).join(' and ')}` };
};

export const folders: Readonly<Record<string, Fault>> = {
  'folder: moved': moved,
  'folder: through a link': linked,
  'folder: copied while it is written': copied,
  'two drivers: run and resume': second('run and resume', (out) => ['resume', out, ...quiet], refused),
  'two drivers: the same run twice': second(
    'the same run twice',
    (out, run) => [...run, '--out', out],
    /is being written by process|already holds a run/,
  ),
  'two drivers: two resumes': twoResumes,
  'damage: part': damaged('part'),
  'damage: journal': damaged('journal'),
  'damage: checkpoint': damaged('checkpoint'),
  'damage: manifest': damaged('manifest'),
  'damage: any': damaged('any'),
};
