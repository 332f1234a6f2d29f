import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { printable } from '../../src/cli/printable.ts';
import { root } from './crackle.ts';

const folder = mkdtempSync(join(tmpdir(), 'crackle-outlets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const crackle = `${process.execPath} ${join(root, 'dist/src/cli/main.js')}`;
const shell = (command: string) =>
  spawnSync('bash', ['-c', `set -o pipefail; ${command}`], { encoding: 'utf8', cwd: folder });
const noFull = !existsSync('/dev/full');
if (noFull) console.info('skipped: the test on /dev/full, which this system lacks');

describe('what becomes of stdout and stderr', () => {
  it.skipIf(noFull)('is one sentence and exit code 2 where stdout is a full device', () => {
    const { status, stderr } = shell(`${crackle} list > /dev/full`);
    expect(stderr).toMatch(/^crackle: cannot write the standard output: no space is left on the device \(ENOSPC\)\n$/);
    expect(status).toBe(2);
    const table = shell(`${crackle} stream gaussian-avalanches --engine effective --widths 64 --valid 2e4 > /dev/full`);
    expect(table.stderr).toMatch(
      /^crackle: cannot write the signal stream: no space is left on the device \(ENOSPC\)\n$/,
    );
    expect(table.status).toBe(2);
  });

  it.skipIf(process.platform === 'win32')('leaves no empty pipeline where there is no room for it', () => {
    const { status, stderr } = shell(`ulimit -f 0; trap '' XFSZ; ${crackle} init mine.ts`);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^crackle: cannot write mine\.ts: .*\n$/)]);
    expect(existsSync(join(folder, 'mine.ts'))).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('is one sentence where the current folder is gone', () => {
    const { status, stderr } = shell(`mkdir gone && cd gone && rmdir ../gone && ${crackle} verify run`);
    expect(stderr).toBe('crackle: the current folder is gone: go to one that is there\n');
    expect(status).toBe(2);
  });

  it('ends no run whose progress nobody reads any more', () => {
    const run = `run gaussian-avalanches --widths 32 --depth 40 --perturbations 500 --valid 1e9 --engine effective --no-figures`;
    shell(`${crackle} ${run} --progress json --out run 2>&1 >/dev/null | head -c 1`);
    const { status } = JSON.parse(readFileSync(join(folder, 'run/manifest.json'), 'utf8')) as { status: string };
    expect(status).toBe('complete');
  });

  it('prints a fit, and writes its table, where the figure finds no room', () => {
    writeFileSync(
      join(folder, 'sizes.csv'),
      `size\n${Array.from({ length: 60 }, (_, i) => 60 / (i + 1)).join('\n')}\n`,
    );
    mkdirSync(join(folder, '.fit.svg.tmp')); // in the way of the figure
    const { status, stdout, stderr } = shell(`${crackle} fit sizes.csv --figure fit.svg --out fit.csv`);
    expect(stdout).toMatch(/^ {2}exponent .*\d/m);
    expect(readFileSync(join(folder, 'fit.csv'), 'utf8')).toMatch(/power_law/);
    expect(stderr).toMatch(/^crackle: cannot write fit\.svg: .*\n$/);
    expect(status).toBe(2);
  });

  const noScript = spawnSync('script', ['--version']).status !== 0 || process.platform !== 'linux';
  if (noScript) console.info('skipped: the test on a terminal that is closed, there is no `script` to open one');
  it.skipIf(noScript)('ends no run whose terminal is closed', async () => {
    const words = `run gaussian-avalanches --widths 32 --depth 40 --valid 40000 --engine effective --no-figures --out closed`;
    // The number of the run's process, which its terminal outlives not.
    const run = `echo $$ > closed.pid; exec ${crackle} ${words}`;
    const terminal = spawn('script', ['-qc', run, '/dev/null'], { cwd: folder, stdio: 'ignore' });
    const manifest = () => JSON.parse(readFileSync(join(folder, 'closed/manifest.json'), 'utf8')) as { status: string };
    await expect.poll(() => existsSync(join(folder, 'closed/manifest.json'))).toBe(true);
    expect(manifest().status).toBe('running');
    terminal.kill('SIGKILL');
    await expect.poll(() => manifest().status).toBe('complete');
    const pid = Number(readFileSync(join(folder, 'closed.pid'), 'utf8'));
    await expect.poll(() => existsSync(`/proc/${pid}/fd/1`)).toBe(false);
    expect(existsSync(join(folder, 'closed/run.lock'))).toBe(false);
  });

  it('is one sentence and exit code 2 where no more files can be opened, by the command line itself or by a thread', () => {
    for (const limit of [24, 32]) {
      const { status, stderr } = shell(`ulimit -n ${limit}; ${crackle} run regimes --workers 2 --out few >/dev/null`);
      expect(stderr).toMatch(/^crackle: too many files are open: raise the limit \(ulimit -n\).*\n$/);
      expect(status).toBe(2);
    }
  });

  it('sends no command to the terminal: control characters of a file are shown as what they are', () => {
    writeFileSync(join(folder, 'evil.csv'), '\u001b]0;title\u0007size\n1\n2\n');
    const { status, stderr } = shell(`${crackle} fit evil.csv --column nothing`);
    expect(status).toBe(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(stderr).not.toMatch(/[\u0007\u001b]/);
    expect(printable('a\u001b[31m\u202eb\tc\n')).toBe('a\\u001b[31m\\u202eb\tc\n');
  });
});
