import { fileDigest } from '../store/digest.ts';

/** SHA-256 of files that a run reads, by their paths as they were given. */
export type InputFiles = Readonly<Record<string, string>>;

/**
 * What the files of a composition hold; undefined where it names none.
 * @throws StoreError for one that can't be read
 */
export async function inputFiles(paths: readonly string[] | undefined): Promise<InputFiles | undefined> {
  if (paths === undefined || paths.length === 0) return undefined;
  const found: Record<string, string> = {};
  for (const path of [...paths].sort()) found[path] = (await fileDigest(path)).sha256;
  return found;
}

/** The first file that isn't here, or holds something else now; undefined where all are as they were. */
export async function changedInput(inputs: InputFiles = {}): Promise<string | undefined> {
  for (const [path, sha256] of Object.entries(inputs)) {
    const found = await fileDigest(path).catch(() => undefined);
    if (found?.sha256 !== sha256) return path;
  }
  return undefined;
}
