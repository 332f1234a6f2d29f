import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serverProgram, startServer } from '../queue/server.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { start } from './crackle.ts';
import { inProcess } from './in-process.ts';

const folder = temporaryFolder();

/** A run that doesn't end by itself, and the page that another process serves of it. */
async function followed(name: string) {
  const out = join(folder, name);
  const words = ['--widths', '32', '--depth', '200', '--valid', '1e9', '--workers', '1', '--out', out];
  const run = start(['run', 'gaussian-avalanches', ...words]);
  await expect.poll(() => existsSync(join(out, 'run.lock'))).toBe(true);
  const live = start(['live', out]);
  let printed = '';
  live.child.stdout!.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await expect.poll(() => printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/\n/);
  return { out, run, live, url: printed.trim() };
}

describe('crackle live folder', () => {
  it('offers to stop a run of another process on this machine, to whoever knows the token', async () => {
    const { out, run, live, url } = await followed("it's stopped");
    expect(await (await fetch(url)).text()).toContain('Stop the run');
    const post = async (address: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(address, { method: 'POST', headers })).status;
    expect(await post(`${new URL(url).origin}/wrong/stop`)).toBe(404);
    expect(await post(`${url}stop`, { origin: 'http://evil.example' })).toBe(404);
    expect(run.child.exitCode).toBe(null);
    expect(await post(`${url}stop`)).toBe(204);
    const { code, stderr } = await run.ended;
    const pasted = `'${out.replace("'", "'\\''")}'`;
    expect([code, stderr]).toEqual([130, expect.stringContaining(`interrupted; go on with: crackle resume ${pasted}`)]);
    const { stdout } = await live.ended;
    expect(stdout.toString()).toContain(`partial: cut short; crackle resume ${pasted} goes on`);
  });

  it('says that a run was killed', async () => {
    const { out, run, live } = await followed('killed');
    run.child.kill('SIGKILL');
    const { code, stdout } = await live.ended;
    const ending = `cut off: its process is gone; crackle resume ${out} goes on\n`;
    expect([code, stdout.toString()]).toEqual([0, expect.stringContaining(ending)]);
    // Of a run that nobody computes there is nothing to follow, and no page at an address that is gone at once.
    expect((await inProcess(['live', out])).stdout.toString()).toBe(ending);
  });

  it('says where a run is that is complete, and names no page that it has not', async () => {
    const out = join(folder, 'complete');
    const words = ['--widths', '16', '--depth', '40', '--valid', '100', '--no-figures', '--progress', 'none'];
    expect((await inProcess(['run', 'gaussian-avalanches', ...words, '--out', out])).code).toBe(0);
    expect((await inProcess(['live', out])).stdout.toString()).toBe(`complete, in ${out}\n`);
  });
});

describe('crackle run --live', () => {
  it.skipIf(serverProgram === undefined)('says how many workers of a queue work on it, and stops it', async () => {
    const server = await startServer();
    const worker = start(['worker', server.url, '--slots', '1']);
    const words = ['--widths', '32', '--depth', '200', '--valid', '1e9', '--queue', server.url, '--live'];
    const run = start(['run', 'gaussian-avalanches', ...words, '--out', join(folder, 'queued')]);
    try {
      let said = '';
      run.child.stderr!.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      const address = /http:\/\/127\.0\.0\.1:\d+\/[\w-]+\//;
      await expect.poll(() => said).toMatch(address);
      const [url] = said.match(address)!;
      let told = '';
      for await (const chunk of (await fetch(`${url}events`)).body!) {
        told += Buffer.from(chunk).toString();
        if (/"workers":1,.*"machines":1\b/.test(told)) break;
      }
      expect(told).toMatch(/"machines":1\b/);
      expect((await fetch(`${url}stop`, { method: 'POST' })).status).toBe(204);
      expect((await run.ended).code).toBe(130);
    } finally {
      for (const { child, ended } of [worker, run]) {
        child.kill('SIGKILL');
        await ended;
      }
      await server.end();
    }
  });
});
