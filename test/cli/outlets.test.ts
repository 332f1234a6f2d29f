import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  });

  it('ends no run whose progress nobody reads any more', () => {
    const run = `run gaussian-avalanches --widths 32 --depth 40 --perturbations 500 --valid 1e9 --engine effective --no-figures`;
    shell(`${crackle} ${run} --progress json --out run 2>&1 >/dev/null | head -c 1`);
    const { status } = JSON.parse(readFileSync(join(folder, 'run/manifest.json'), 'utf8')) as { status: string };
    expect(status).toBe('complete');
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
