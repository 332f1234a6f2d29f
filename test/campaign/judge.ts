import { existsSync, readdirSync, rmSync } from 'node:fs';
import { verify } from '../../src/store/verify.ts';
import { start } from '../cli/crackle.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { quiet } from './runs.ts';
import { type Hit, pipelineWords, type Scene } from './scene.ts';
import type { Trial } from './trial.ts';

interface End {
  readonly code: number | string | null;
  readonly stderr: string;
}

/** Goes on with a run until it is complete or refused. */
async function settle({ field, out: first, words }: Scene, { out = first, queue, more = [] }: Hit): Promise<End> {
  const how = [...more, ...(queue === undefined ? [] : ['--queue', queue])];
  // Cut off before it had a manifest, it is no run yet.
  if (!existsSync(`${out}/manifest.json`) && readable(out)) rmSync(out, { recursive: true, force: true });
  if (!existsSync(out)) return start([...words, '--out', out, ...how]).ended;
  return start(['resume', out, ...quiet, ...how, ...pipelineWords(field)]).ended;
}

/** Whether nothing but the run was in a folder: what else is there is no business of a trial. */
const readable = (out: string): boolean =>
  existsSync(out) && readdirSync(out).every((name) => /^run\.lock|^\.unfinished$/.test(name));

const named = (file: string, what: string, stderr: string): boolean =>
  stderr.includes(file.split('/').at(-1)!) || / swapped | put in/.test(` ${what}`);

/** Goes on with a run that was hit, and says what became of it: the same bits, a refusal that names the damage, or neither. */
export async function judge(scene: Scene, hit: Hit): Promise<Trial> {
  const { what, damaged: file, torn, said = '', settled } = hit;
  const out = hit.out ?? scene.out;
  const wrong = (why: string): Trial => ({ what, outcome: 'wrong', said: why });
  if (/this is a bug|^ {4}at .*\.(js|ts|mjs):\d+/m.test(said)) return wrong(said);
  const { code, stderr } = settled ?? (await settle(scene, hit));
  if (code !== 0) {
    const refusal =
      code === 2 &&
      ((file !== undefined && named(file, what, stderr)) ||
        (torn === true && /is damaged|is missing|is cut short|is not the journal|another run/.test(stderr)));
    return refusal ? { what, outcome: 'refused', said: stderr } : wrong(`gone on with, left with ${code}: ${stderr}`);
  }
  const found = (await verify(out)).damage;
  if (file !== undefined && found.length > 0) return { what, outcome: 'refused', said: found[0]!.file };
  const strays = readdirSync(out).filter((name) => /^run\.lock|^\.unfinished$|^journal|^checkpoint/.test(name));
  if (strays.length > 0) return wrong(`left over: ${strays.join(' ')}`);
  if (found.length > 0) return wrong(`damaged: ${found.map(({ file: each }) => each).join(' ')}`);
  const same = (await hashDataset(out)) === scene.field.hash;
  return same ? { what, outcome: 'same bits' } : wrong('other bits than an undisturbed run');
}
