import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './crackle.ts';

const preload = join(import.meta.dirname, 'loaded-modules.mjs');
const main = join(root, 'dist/src/cli/main.js');

/** What a command line loads: packages, and how many files of crackle's own. */
function loadedBy(...words: string[]): { packages: string[]; own: number } {
  const { stderr } = spawnSync(process.execPath, ['--import', preload, main, ...words], {
    encoding: 'utf8',
    cwd: root,
  });
  const files = JSON.parse(/^loaded (.*)$/m.exec(stderr)![1]!) as string[];
  const packages = files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  const own = files.filter((file) => file.includes('/dist/') && !file.includes('node_modules'));
  return { packages: [...new Set(packages)].sort(), own: own.length };
}

describe('the start of a command', () => {
  it('loads nothing but the reader of flags where the version is asked for', () => {
    const { packages, own } = loadedBy('--version');
    expect(packages).toEqual(['commander']);
    expect(own).toBeLessThan(10);
  });

  it('loads for a run what its dataflow is made of: what reads, draws, checks and fits comes when it is needed', () => {
    const { packages, own } = loadedBy('run', 'gaussian-avalanches', '--help');
    const inner = ['flatbuffers', 'tslib']; // of apache-arrow
    const log = [
      'pino',
      ...packages.filter((name) =>
        /^(@pinojs|pino-|atomic-sleep|on-exit|quick-format|safe-stable|sonic-boom|thread-stream)/.test(name),
      ),
    ];
    expect(packages).toEqual(['apache-arrow', 'commander', 'rxjs', ...inner, ...log].sort());
    expect(own).toBeLessThan(150);
  });
});
