import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../cli/crackle.ts';

const windows = process.platform === 'win32';
const system = windows ? 'win' : process.platform;
const file = windows ? 'node.exe' : 'node';
/** Kept from one run of the tests to the next; `npm ci` clears it. */
const kept = join(root, 'node_modules/.cache/node');

/**
 * Programs of Node of these versions (exact ones), from npm's packages `node-<system>-<processor>`, of which the program alone is taken. The one that
 * runs this stands for its own version.
 * @throws what npm or tar say, where they can't be had
 */
export function nodePrograms(versions: readonly string[]): string[] {
  const at = (version: string): string =>
    version === process.versions.node ? process.execPath : join(kept, version, file);
  const missing = versions.filter((version) => !existsSync(at(version)));
  mkdirSync(kept, { recursive: true });
  const npm = (words: readonly string[]): string =>
    execFileSync('npm', words, { cwd: kept, encoding: 'utf8', stdio: 'pipe', shell: windows, timeout: 90_000 });
  for (const version of missing) {
    const packed = npm(['pack', '--silent', `node-${system}-${process.arch}@${version}`]).trim();
    const folder = join(kept, `of-${packed}`);
    mkdirSync(folder, { recursive: true });
    const inside = windows ? 'package/bin/node.exe' : 'package/bin/node';
    execFileSync('tar', ['xzf', packed, '-C', `of-${packed}`, '--strip-components', '2', inside], { cwd: kept });
    rmSync(join(kept, packed));
    // Whole or not there, whoever else does the same.
    if (existsSync(join(kept, version))) rmSync(folder, { recursive: true });
    else renameSync(folder, join(kept, version));
  }
  return versions.map(at);
}
