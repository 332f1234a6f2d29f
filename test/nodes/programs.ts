import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../cli/crackle.ts';

const windows = process.platform === 'win32';
const system = windows ? 'win' : process.platform;
const file = windows ? 'node.exe' : 'node';
const options = { encoding: 'utf8', stdio: 'pipe', shell: windows, timeout: 90_000 } as const;
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
  mkdirSync(kept, { recursive: true });
  for (const version of versions) {
    if (existsSync(at(version))) continue;
    // Others may do the same at this moment: a folder of its own, which takes its place whole.
    const cwd = mkdtempSync(join(kept, 'of-'));
    try {
      const words = ['pack', '--silent', `node-${system}-${process.arch}@${version}`];
      const packed = execFileSync('npm', words, { ...options, cwd }).trim();
      const inside = windows ? 'package/bin/node.exe' : 'package/bin/node';
      mkdirSync(join(cwd, 'whole'));
      execFileSync('tar', ['xzf', packed, '-C', 'whole', '--strip-components', '2', inside], { cwd });
      if (!existsSync(at(version))) renameSync(join(cwd, 'whole'), join(kept, version));
    } finally {
      rmSync(cwd, { recursive: true });
    }
  }
  return versions.map(at);
}
