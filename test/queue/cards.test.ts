import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { crackle, type Ended, root, start } from '../cli/crackle.ts';
import { withoutGpu } from '../gpu/adapter.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { serverProgram, startServer } from './server.ts';

const missing = serverProgram === undefined ? 'redis-server or valkey-server is not on the path' : await withoutGpu();
if (missing !== undefined) console.log(`skipped: cards on a queue: ${missing}`);

const folder = temporaryFolder();
const said = ({ code, stderr }: Ended): string => (code === 0 ? '' : `code ${code}: ${stderr}`);

/** A pipeline that can't be composed where its kernels are tried. */
function untriable(): string {
  const file = join(folder, 'untriable.mjs');
  const code = `
    import { argv } from 'node:process';
    import gaussian from '${pathToFileURL(join(root, 'dist/pipelines/gaussian-avalanches.js')).href}';
    const compose = (values) => {
      if (argv[1].includes('card-trial')) throw new Error('nothing is composed here');
      return gaussian.compose(values);
    };
    export default { ...gaussian, name: 'untriable', compose };`;
  writeFileSync(file, code);
  return file;
}

describe.skipIf(missing !== undefined)('a run on cards by a queue (needs a server, and an adapter)', () => {
  it('has the bits of one on this machine; a worker without that adapter refuses in a sentence, one that can not try its kernels says why', async () => {
    const server = await startServer();
    onTestFinished(() => server.end());
    const pipeline = untriable();
    const words = (out: string, ...more: string[]): string[] => [
      'run', pipeline, '--engine', 'annealed', '--backend', 'webgpu', '--widths', '8', '--depth', '12', '--valid', '400',
      '--record', 'avalanche', '--no-figures', '--progress', 'none', '--out', join(folder, out), ...more,
    ]; // biome-ignore format: words
    const worker = (env: NodeJS.ProcessEnv) => {
      const started = start(['worker', server.url, '--slots', '1', '--heartbeat', '0.5s'], { env });
      onTestFinished(async () => {
        started.child.kill('SIGKILL');
        await started.ended;
      });
      return started;
    };
    // A list of drivers that names none that is there.
    const nowhere = join(folder, 'no-driver.json');
    expect(existsSync(nowhere)).toBe(false);
    const without = worker({ ...process.env, VK_ICD_FILENAMES: nowhere });
    const { stderr } = worker(process.env);
    expect(said(await crackle(words('here', '--workers', '1')))).toBe('');
    expect(said(await crackle(words('queue', '--queue', server.url)))).toBe('');
    expect(await hashDataset(join(folder, 'queue'))).toBe(await hashDataset(join(folder, 'here')));
    expect(stderr()).toMatch(
      /works on untriable of .*\n.*WARN: untriable of .*: the kernels of this run could not be tried on .*: .*nothing is composed here/,
    );
    await expect.poll(() => without.stderr()).toMatch(/computed with kernel .*webgpu on .*, and here .* no adapter/);
  });
});
