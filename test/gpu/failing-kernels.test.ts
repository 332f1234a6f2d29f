import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crackle, start } from '../cli/crackle.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { withoutGpu } from './adapter.ts';
import { failingCard } from './broken-card.ts';

const skip = await withoutGpu();
const folder = temporaryFolder();
const common = ['--activation', 'gelu', '--workers', '1', '--no-figures', '--progress', 'none'];
const small = ['--widths', '8', '--depth', '12', '--valid', '400', '--backend', 'webgpu', ...common];
/** So much work that a card is taken where one is found. */
const large = ['--widths', '512', '--valid', '1e6', ...common];
const run = (words: readonly string[], out: string): string[] => ['run', 'gaussian-avalanches', ...words, '--out', out];
const failing = (how: string) => ({ env: { ...process.env, ...failingCard(how) } });
const manifestOf = (out: string) => JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { kernel: string };

describe.skipIf(skip !== undefined)('a driver that fails with kernels of a run only (needs an adapter)', () => {
  it('is found before the run begins: it ends its process, or computes zeros, or what is no number', async () => {
    const words = {
      segfault:
        /^crackle: backend webgpu fails on .*: its driver ended the process that tried it by signal SIGSEGV, trying the kernels of this run/,
      zeros:
        /^crackle: backend webgpu computes wrongly on .*: a mean strength of 0\.0+ in place of 0\.036\d+ behind layer 1 of networks of 8 neurons with gelu/,
      nan: /^crackle: backend webgpu computes wrongly on .*: a mean strength of NaN in place of 0\.036\d+ behind layer 1 of networks of 8 neurons with gelu/,
    };
    const out = join(folder, 'refused');
    const ended = await Promise.all(Object.keys(words).map((how) => crackle(run(small, out), failing(how))));
    for (const [i, word] of Object.values(words).entries()) {
      expect(ended[i]!.stderr).toMatch(word);
      expect(ended[i]!.code).toBe(2);
    }
    expect(existsSync(out)).toBe(false);
  });
});

describe.skipIf(skip !== undefined)('a card that fails while a run goes on (needs an adapter)', () => {
  // As does a device that is lost: both are a `BackendError`, of which the last test sees that it comes from worker threads as one.
  it('and never answers costs a run that took it by itself a sentence, where nothing was merged', async () => {
    const out = join(folder, 'silent');
    const { child, ended, stderr } = start(run(large, out), failing('hang 1 as a card'));
    await expect
      .poll(stderr)
      .toMatch(
        /WARN: backend webgpu has no answer from maker of cards within 300 s; engine annealed computes on processors, from the beginning\n.* → /s,
      );
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(manifestOf(out).kernel).not.toContain('webgpu');
  });

  it('for want of memory for one more width ends a study in a sentence, and resumable', async () => {
    const words = ['finite-size-scaling', '--engine', 'annealed', '--backend', 'webgpu', '--widths', '4,8,12'];
    const study = ['run', ...words, '--depth', '12', '--scan-valid', '0', '--valid', '300', ...common];
    const out = join(folder, 'memory');
    const { code, stderr } = await crackle([...study, '--out', out], failing('memory 8'));
    expect(stderr).toMatch(
      /INFO: finite-size-scaling → .*\ncrackle: backend webgpu on .* has no memory left: .*; use fewer workers; what was merged is kept, .*: crackle resume .*memory; processors have other last digits, so that a run there begins anew: --backend simd\n$/,
    );
    expect([code, manifestOf(out)]).toEqual([2, expect.objectContaining({ status: 'partial' })]);
  });
});

describe.skipIf(skip !== undefined)('a card that is lost again and again (needs an adapter)', () => {
  it('ends a run of which something is merged, in a sentence, and resumable', async () => {
    const out = join(folder, 'lost-later');
    const { code, stderr } = await crackle(run(small, out), failing('lose 12'));
    expect(stderr).toMatch(
      /crackle: the device of backend webgpu, .*, was lost: .* \(3 times in a row\); what was merged is kept, for this card and driver to go on with: crackle resume .*lost-later; processors have other last digits, so that a run there begins anew: --backend simd\n$/,
    );
    expect([code, manifestOf(out)]).toEqual([2, expect.objectContaining({ status: 'partial' })]);
    const resumed = await crackle(['resume', out, '--workers', '1', '--progress', 'none']);
    expect([resumed.code, manifestOf(out)]).toEqual([0, expect.objectContaining({ status: 'complete' })]);
  });
});
