/**
 * Whether the build is of these sources: exits with 1 where it isn't. `--forget` says so of any build, before another begins; `--keep` says
 * that the build is of them, once it is whole. By what the files hold, since a checkout sets their times anew.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const record = join(root, 'dist/sources.sha256');
const shipped = join(root, 'dist/build.txt'); // what a build says that it is (src/store/build.ts)

function digest() {
  const hash = createHash('sha256');
  const folders = ['src', 'pipelines'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  for (const file of [...folders, ...settings.map((name) => join(root, name))].sort()) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

const [word] = process.argv.slice(2);
if (word === '--forget') for (const file of [record, shipped]) rmSync(file, { force: true });
else if (word === '--keep') {
  writeFileSync(shipped, digest().slice(0, 16));
  writeFileSync(record, digest());
} else {
  let known = '';
  try {
    known = readFileSync(record, 'utf8');
  } catch {
    // No build, or one that was cut off.
  }
  process.exitCode = known === digest() ? 0 : 1;
}
