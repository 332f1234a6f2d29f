import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { digest, fileDigest } from '../store/digest.ts';
import { storeError } from '../store/file.ts';

/** SHA-256 of files that a run reads, and of folders of such, by their paths as they were given. */
export type InputFiles = Readonly<Record<string, string>>;

/** Of a file its content; of a folder the names and contents of the files in it, hidden ones left out. */
async function contentOf(path: string): Promise<string> {
  const found = await stat(path).catch((error: unknown) => {
    throw storeError('read', path, error);
  });
  if (!found.isDirectory()) return (await fileDigest(path)).sha256;
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw storeError('read', path, error);
  });
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const files: [string, string][] = [];
  for (const name of names.sort()) files.push([name, (await fileDigest(join(path, name))).sha256]);
  return digest(JSON.stringify(files));
}

/**
 * What the files of a composition hold; undefined where it names none.
 * @throws StoreError for one that can't be read
 */
export async function inputFiles(paths: readonly string[] | undefined): Promise<InputFiles | undefined> {
  if (paths === undefined || paths.length === 0) return undefined;
  const found: Record<string, string> = {};
  for (const path of [...paths].sort()) found[path] = await contentOf(path);
  return found;
}

/** An input that isn't as it was. */
export interface ChangedInput {
  /** As it was given. */
  readonly path: string;
  /** Where that leads from here, for a path that depends on it. */
  readonly here?: string;
  /** It isn't there at all. */
  readonly missing: boolean;
}

const changed = (path: string, missing: boolean): ChangedInput => ({
  path,
  ...(isAbsolute(path) ? {} : { here: resolve(path) }),
  missing,
});

/** The first input that isn't here; undefined where all are. */
export async function missingInput(inputs: InputFiles = {}): Promise<ChangedInput | undefined> {
  for (const path of Object.keys(inputs)) {
    if ((await stat(path).catch(() => undefined)) === undefined) return changed(path, true);
  }
  return undefined;
}

/**
 * The first input that isn't here, or holds something else now; undefined where all are as they were.
 * @throws StoreError for one that is here and can't be read
 */
export async function changedInput(inputs: InputFiles = {}): Promise<ChangedInput | undefined> {
  const missing = await missingInput(inputs);
  if (missing !== undefined) return missing;
  for (const [path, sha256] of Object.entries(inputs)) {
    if ((await contentOf(path)) !== sha256) return changed(path, false);
  }
  return undefined;
}
