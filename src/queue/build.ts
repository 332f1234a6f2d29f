import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../schema/package-root.ts';

const rooms = ['src', 'pipelines', 'kernel', 'vendor'];

/** The build that runs; undefined where crackle runs from its sources. */
export const ownBuild: string | undefined = import.meta.url.endsWith('.ts') ? undefined : join(packageRoot, 'dist');

/**
 * Digest of the code of a build: two states of the sources may bear one version. Builds of the same sources are the same bytes, in any folder.
 * @param build its folder
 */
export async function buildDigest(build: string): Promise<string> {
  const hash = createHash('sha256');
  for (const room of rooms) {
    const folder = join(build, room);
    const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(?:c?js|wasm)$/.test(name));
    for (const name of names.sort())
      hash.update(`${name.replaceAll('\\', '/')}\0`).update(await readFile(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
