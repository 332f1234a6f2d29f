import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '../../cli/crackle.ts';
import { damage } from '../damage.ts';
import { quiet } from '../runs.ts';
import { begun, type Fault, leaves, pipelineWords } from '../scene.ts';

/** Two shards, one of which is killed and gone on with; then perhaps a file of one is damaged; then they are merged. */
const shared =
  (harm: boolean): Fault =>
  async (scene) => {
    const { out, words, draw, field } = scene;
    const folders = [1, 2].map((i) => `${out}-shard-${i}`);
    const share = (i: number) => start([...words, '--out', folders[i]!, '--shard', `${i + 1}/2`]);
    const first = share(0);
    await begun(folders[0]!, first);
    await sleep(draw(Math.ceil(0.6 * field.lasts)));
    first.child.kill('SIGKILL');
    await leaves(first);
    if (!existsSync(`${folders[0]}/manifest.json`)) rmSync(folders[0]!, { recursive: true, force: true });
    const file = pipelineWords(field);
    const again = existsSync(folders[0]!) ? start(['resume', folders[0]!, ...quiet, ...file]) : share(0);
    for (const run of [again, share(1)]) {
      const { code, said } = await leaves(run);
      if (code !== 0 && !/is complete/.test(said)) throw new Error(`a shard left with ${code}: ${said}`);
    }
    const done = harm ? damage(folders[draw(2)]!, field.twin, draw) : undefined;
    const { code, said } = await leaves(start(['merge', ...folders, '--out', out, '--no-figures', ...file]));
    const what = `two shards, one killed${done === undefined ? '' : `, ${done.file} ${done.what}`}; merge left with ${code}`;
    // A part of a shard that is refused leaves a merge that can't go on: it begins anew with sound shards.
    return { what, said, ...(done === undefined ? {} : { damaged: done.file }), settled: { code, stderr: said } };
  };

export const shardFaults: Readonly<Record<string, Fault>> = {
  'shards: one killed': shared(false),
  'shards: one damaged': shared(true),
};
