import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ModuleFiles } from '../../src/flow/imported-files.ts';
import { threads } from '../../src/flow/pool.ts';
import type { Pipeline } from '../../src/pipeline.ts';
import { moduleOf } from '../../src/run/origin.ts';
import { crackle, type Ended, root } from '../cli/crackle.ts';
import { inProcess } from '../cli/in-process.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';

const folder = temporaryFolder();
const pipeline = join(root, 'test/fixtures/pipelines/fails.ts');
// So long that a machine in use fills the memory of a thread before.
const how = ['--no-figures', '--progress', 'none', '--workers', '2', '--partition-timeout', '15s'];
// Threads have heaps as small as the process.
const env = { ...process.env, NODE_OPTIONS: '--max-old-space-size=160' };

/** In this process, unless threads are to be as small as one that is started. */
async function run(
  name: string,
  faults: readonly string[],
  go: (words: readonly string[]) => Promise<Ended> = inProcess,
) {
  const out = join(folder, name);
  const memory = mkdtempSync(join(folder, 'memory-'));
  const small = ['--widths', '16', '--depth', '20', '--record', 'avalanche', '--memory', memory];
  const told = faults.length === 0 ? [] : ['--faults', faults.join(',')];
  const { code, stderr } = await go(['run', pipeline, ...small, ...told, ...how, '--out', out]);
  return { out, code, stderr, happened: readdirSync(memory).length };
}

describe('worker threads that are lost', () => {
  let hash: string;

  it('cost their partitions a try: threads that exit, run out of memory, hang or die idle change no bit', async () => {
    const whole = await run('whole', []);
    hash = await hashDataset(whole.out, false);
    const faults = ['1:exit', '4:memory', '6:hang', '9:late'];
    const { out, code, stderr, happened } = await run('mended', faults, (words) => crackle(words, { env }));
    expect(code === 0 ? '' : stderr).toBe('');
    expect(happened).toBe(faults.length);
    expect(await hashDataset(out, false)).toBe(hash);
    expect(stderr).toMatch(
      /partition 1 of ensemble 0 \(perturbations 10 to 19\): its thread ended with code 7; it is tried again/,
    );
    expect(stderr).toMatch(/partition 4 .*: its thread ran out of memory; it is tried again/);
    expect(stderr).toMatch(/partition 6 .*: it took longer than 15 s; it is tried again/);
    // A thread that dies after its partition is done, and idle, costs nobody a try.
    expect(stderr.match(/is tried again/g)!.length - (stderr.includes('later than its partition') ? 1 : 0)).toBe(3);
  });

  it('end the run after three tries with the partition’s name, its command, and all that was merged', async () => {
    const { out, code, stderr } = await run('given-up', ['3:exit', '3:exit', '3:exit']);
    expect(code).toBe(2);
    const alone = `crackle replay ${out} 0 3 --pipeline ${pipeline}`;
    expect(stderr).toMatch(/^crackle: partition 3 of ensemble 0 \(perturbations 30 to 39\) was tried 3 times.*code 7/m);
    expect(stderr).toContain(`; to compute it alone: ${alone}`);
    const replayed = await inProcess(alone.split(' ').slice(1));
    expect(replayed.stdout.toString()).toMatch(/^partition 3 of ensemble 0 .*: perturbations 10, valid \d+/);
    expect((await inProcess(['resume', out, '--pipeline', pipeline, ...how])).code).toBe(0);
    expect(await hashDataset(out, false)).toBe(hash);
  });
});

it('a thread that finds another pipeline than the run began with is refused', async () => {
  const module = pathToFileURL(pipeline).href;
  const started = { module, values: {}, seed: 1, folder: undefined, record: [], records: [] };
  const { module_sha256: sha256 } = await moduleOf({ module } as Pipeline);
  const partition = { ensemble: 9, index: 0, first: 0, count: 1 };
  const refusal = async (files: ModuleFiles): Promise<string> => {
    await using pool = threads({ ...started, files }, 1);
    return String(await pool.execute(partition).catch(({ message }: Error) => message));
  };
  expect(await refusal({ sha256: '0' })).toBe(
    `${pipeline} was altered while the run went on, which is computed by it: bring it back as it was, then resume`,
  );
  const gone = { sha256: sha256!, modules: { 'gone.ts': '0' } };
  expect(await refusal(gone)).toMatch(/gone\.ts was altered while the run went on/);
  expect(await refusal({ sha256: sha256! })).not.toMatch(/altered/);
});
