import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { crackle, type Ended, start } from '../cli/crackle.ts';
import { withoutGpu } from '../gpu/adapter.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { serverProgram, startServer } from './server.ts';

const missing = serverProgram === undefined ? 'redis-server or valkey-server is not on the path' : await withoutGpu();
if (missing !== undefined) console.log(`skipped: cards on a queue: ${missing}`);

const folder = temporaryFolder();
const said = ({ code, stderr }: Ended): string => (code === 0 ? '' : `code ${code}: ${stderr}`);

describe.skipIf(missing !== undefined)('a run on cards by a queue (needs a server, and an adapter)', () => {
  it('has the bits of one on this machine; a worker without that adapter refuses in a sentence', async () => {
    const server = await startServer();
    onTestFinished(() => server.end());
    const words = (out: string, ...more: string[]): string[] => [
      'run', 'gaussian-avalanches', '--engine', 'annealed', '--backend', 'webgpu', '--widths', '8', '--depth', '12', '--valid', '400',
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
    worker(process.env);
    expect(said(await crackle(words('here', '--workers', '1')))).toBe('');
    expect(said(await crackle(words('queue', '--queue', server.url)))).toBe('');
    expect(await hashDataset(join(folder, 'queue'))).toBe(await hashDataset(join(folder, 'here')));
    await expect.poll(() => without.stderr()).toMatch(/computed with kernel .*webgpu on .*, and here .* no adapter/);
  });
});
