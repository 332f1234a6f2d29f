import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const nameIn = (folder: string): unknown =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown }).name;

/** The nearest folder that is a package's. */
function find(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  return folder;
}

function installed(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve('crackle/package.json'));
  } catch (cause) {
    throw new Error(
      'crackle was bundled, but its schemas and kernels are files: keep the package installed beside the bundle',
      { cause },
    );
  }
}

const nearest = find();

/** Whether a bundler has taken this module into another package's file. */
export const bundled: boolean = nearest === undefined || nameIn(nearest) !== 'crackle';

/** The package's own folder: the same from `src/`, from `dist/`, and from a bundle beside which it is installed. */
export const packageRoot: string = bundled ? installed() : nearest!;
