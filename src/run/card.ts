import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { BackendError } from '../error.ts';
import type { Gpu } from '../gpu/device.ts';
import { allows } from '../permission.ts';
import { packageRoot } from '../schema/package-root.ts';

/** Says what adapter there is, as JSON. */
const script = `
const [module, wanted] = process.argv.slice(1);
const { create } = await import(module);
const gpu = create(wanted === '' ? [] : ['adapter=' + wanted]);
const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
process.stdout.write(JSON.stringify(adapter && { vendor, architecture, device, description, isFallbackAdapter }), () => process.exit());
`;

/** Seconds that a driver may take to say what it has: of many cards that nothing keeps awake it is half a minute. */
const patience = 60;

/**
 * This machine's graphics card, tried, for runs that didn't ask for one. Drivers are asked in a process of their own: they write to stderr as they
 * like, and a broken one takes the process with it.
 * @throws BackendError (as a rejection) where the package webgpu or a real card is missing, or it computes what is wrong
 */
export async function foundCard(): Promise<Gpu> {
  let path: string;
  try {
    path = createRequire(join(packageRoot, 'package.json')).resolve('webgpu');
  } catch {
    throw new BackendError('the package webgpu is not installed');
  }
  if (!allows('child')) throw new BackendError('drivers are asked in a process of their own, which is not allowed');
  const words = ['--input-type=module', '-e', script, pathToFileURL(path).href, env.CRACKLE_ADAPTER ?? ''];
  const asked = promisify(execFile)(execPath, words, { timeout: 1000 * patience });
  const { stdout } = await asked.catch(({ killed }: { killed?: boolean }) => {
    if (killed) throw new BackendError(`drivers don't say within ${patience} s what cards there are`);
    return { stdout: '' };
  });
  const info = (stdout === '' ? null : JSON.parse(stdout)) as GPUAdapterInfo | null;
  if (info === null) throw new BackendError('there is no graphics card, or its driver ends in an error');
  const [{ openGpu, standsIn }, { trusted }] = await Promise.all([
    import('../gpu/device.ts'),
    import('../gpu/self-test.ts'),
  ]);
  if (standsIn(info)) throw new BackendError(`${info.description} is a program that stands in for a card`);
  return trusted(await openGpu());
}
