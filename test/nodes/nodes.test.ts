import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root } from '../cli/crackle.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { digest } from './digest.ts';
import { nodePrograms } from './programs.ts';
import { nodeVersions } from './versions.ts';

/** Undefined, with a printed reason, where they can't be had. */
function programs(): string[] | undefined {
  try {
    return nodePrograms(nodeVersions);
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    console.info(`skipped: Node ${nodeVersions.join(', ')} can't be had from the registry here: ${why}`);
    return undefined;
  }
}

const found = programs();
const folder = temporaryFolder();
// As `npm init` leaves it: nothing in it says that files are modules.
writeFileSync(join(folder, 'package.json'), '{"name": "own"}');
cpSync(join(root, 'pipelines/gaussian-avalanches.ts'), join(folder, 'mine.ts'));
mkdirSync(join(folder, 'node_modules'));
const small = ['--widths', '16', '--depth', '60', '--valid', '300', '--alternatives', 'false'];
const given = [...small, '--record', 'avalanche,signal', '--progress', 'none', '--no-figures', '--workers', '1'];

/** Runs the main experiment; the digest of all its tables. */
async function runOn(program: string, kernel: string, pipeline: string, to: string): Promise<string> {
  const words = [join(root, 'dist/src/cli/main.js'), 'run', pipeline, ...given, '--out', join(folder, to)];
  const { stderr } = await promisify(execFile)(program, words, {
    cwd: folder,
    env: { ...process.env, CRACKLE_KERNEL: kernel },
  });
  expect(stderr).not.toMatch(/warning/i);
  return digest(join(folder, to));
}

describe.skipIf(found === undefined)('Node 20, 22, 24 and 26', () => {
  it('run a pipeline in TypeScript beside any package.json, without a warning, and give the same bits', async () => {
    const all: string[] = [];
    for (const [i, program] of found!.entries()) all.push(await runOn(program, 'simd', 'mine.ts', `simd-${i}`));
    expect(new Set(all).size).toBe(1);
  });

  it('have the same relaxed SIMD from 22 on, whose bits are others', async () => {
    const all: string[] = [];
    for (const [i, program] of found!.entries())
      if (i > 0) all.push(await runOn(program, 'relaxed-simd', 'gaussian-avalanches', `relaxed-${i}`));
    expect(new Set(all).size).toBe(1);
    expect(all[0]).not.toBe(digest(join(folder, 'simd-0')));
  });

  it('take the library by import, and by require where Node can', async () => {
    const code = `const { run } = require('crackle');
      import('crackle').then((library) => { if (library.run !== run) throw new Error('another run'); });`;
    for (const program of found!) await promisify(execFile)(program, ['-e', code], { cwd: root });
  });
});
