import { realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StoreError } from '../error.ts';
import { packageRoot } from '../schema/package-root.ts';
import { fileDigest } from '../store/digest.ts';
import { esbuild, withoutCompiler } from './compiler.ts';

/** SHA-256 of files that a pipeline's own file imports, directly or not, by their paths from its folder. */
export type ImportedFiles = Readonly<Record<string, string>>;

/** Crackle's own code, which its version stands for. */
const isOwn = (file: string): boolean => ['src', 'dist'].some((part) => file.startsWith(join(packageRoot, part, sep)));

/** Paths, from the folder of `entry`, of what its imports lead to. Packages are left out: files in `node_modules`, and crackle itself. */
function pathsOf(entry: string): string[] {
  const folder = dirname(entry);
  const { metafile } = esbuild().buildSync({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    // As it is loaded: `paths` of a tsconfig.json have no say.
    tsconfigRaw: {},
    loader: { '.node': 'empty', '.wasm': 'empty' },
    logLevel: 'silent',
  });
  const paths = Object.keys(metafile.inputs).map((path) => path.replace(/[?#].*$/, ''));
  return [...new Set(paths)]
    .filter((path) => {
      const file = resolve(folder, path);
      return file !== entry && !path.includes('node_modules/') && !isOwn(file);
    })
    .sort();
}

/**
 * The files that a pipeline's own file imports, by static imports and by `import('…')` of a literal path. Files that it reads otherwise, and packages, are not
 * among them.
 * @returns the reason where it can't be found out here: TypeScript can't be compiled, or an import leads nowhere
 */
export async function importedFiles(file: string): Promise<ImportedFiles | { readonly unknown: string }> {
  const lacking = withoutCompiler();
  if (lacking !== undefined) return { unknown: lacking };
  const entry = realpathSync(file);
  let paths: string[];
  try {
    paths = pathsOf(entry);
  } catch (error) {
    const { errors = [], message } = error as Error & { readonly errors?: readonly { readonly text: string }[] };
    return { unknown: errors[0]?.text ?? message };
  }
  const found: Record<string, string> = {};
  for (const path of paths) found[path] = (await fileDigest(resolve(dirname(entry), path))).sha256;
  return found;
}

/** The first of the files that `entry` imported elsewhere, or at another time, that is not the same beside it now; undefined where all are. */
export async function changedFile(entry: string, imported: ImportedFiles = {}): Promise<string | undefined> {
  const folder = dirname(realpathSync(entry));
  for (const [path, sha256] of Object.entries(imported)) {
    const found = await fileDigest(join(folder, path)).catch(() => undefined);
    if (found?.sha256 !== sha256) return join(folder, path);
  }
  return undefined;
}

/** The first path whose content differs between two lists; undefined where none does, or one of the runs is of a version that kept no list. */
export function differingFile(a?: ImportedFiles, b?: ImportedFiles): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].find((path) => a[path] !== b[path]);
}

/** What the file of a user's pipeline and the files that it imports held when a run began. */
export interface ModuleFiles {
  readonly sha256: string;
  readonly modules?: ImportedFiles;
}

/**
 * Refuses a pipeline of which a file was altered between the start of a run and the moment at which this thread loaded it: threads are also started
 * later, where one died, or once there is something to measure.
 * @param url of its module
 * @throws StoreError that names the file
 */
export async function checkUnaltered(url: string, { sha256, modules }: ModuleFiles): Promise<void> {
  const file = fileURLToPath(url);
  const found = await fileDigest(file).catch(() => undefined);
  const altered = found?.sha256 === sha256 ? await changedFile(file, modules) : file;
  if (altered === undefined) return;
  throw new StoreError(
    `${altered} was altered while the run went on, which is computed by it: bring it back as it was, then resume`,
  );
}
