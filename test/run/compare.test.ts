import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compareRuns, folderLabels, joined } from '../../src/run/compare.ts';
import { run } from '../../src/run/run.ts';
import { crackle } from '../cli/crackle.ts';
import { inProcess } from '../cli/in-process.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();

it('folderLabels are the shortest ends that tell folders apart', () => {
  expect(folderLabels(['/x/a', '/x/b'])).toEqual(['a', 'b']);
  expect(folderLabels(['/x/a', '/y/a'])).toEqual([join('x', 'a'), join('y', 'a')]);
});

it('joined numbers ensembles on, says which run rows are of, and leaves out what is of no ensemble', () => {
  const exponents = [
    { ensemble: 0, tau: 1 },
    { ensemble: 1, tau: 2 },
  ];
  const tables = joined([
    { label: 'a', tables: { exponents, surrogate: [{ ensemble: 0, surrogate_ensemble: 1 }] } },
    { label: 'b', tables: { exponents, extrapolation: [{ exponent: 'tau' }] } },
  ]);
  expect(tables.exponents!.map(({ ensemble, run }) => [ensemble, run])).toEqual([
    [0, 'a'],
    [1, 'a'],
    [2, 'b'],
    [3, 'b'],
  ]);
  expect(tables.surrogate).toEqual([{ ensemble: 0, surrogate_ensemble: 1, run: 'a' }]);
  expect(tables.extrapolation).toBeUndefined();
});

it('compares runs on one page: what differs, what each found, one figure of both', async () => {
  const values = { widths: [24], depth: 60, perturbations: 1500, valid: 1e6, engine: 'effective', blocks: 4 } as const;
  const outs = [join(folder, 'first'), join(folder, 'second <i>')];
  for (const [i, out] of outs.entries()) {
    await run('gaussian-avalanches', values, { out, seed: i + 1, workers: 1, figures: false });
  }
  const page = join(folder, 'both.html');
  const { code, stdout, stderr } = await inProcess(['report', ...outs, '--out', page]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.toString()).toMatch(/^open .*both\.html\n$/);
  const html = readFileSync(page, 'utf8').replace(/<script[^>]*>[\s\S]*?<\/script>/g, '');
  expect(html).toMatch(/<th scope="row">seed<\/th><td>1<\/td><td>2<\/td>/);
  expect(html).toContain('second &lt;i&gt;');
  expect(html).not.toContain('<i>');
  expect(html.match(/id="figure-size-distribution"/g)).toHaveLength(1);
  expect(html).toContain('first, τ = ');
  expect(html).not.toContain('href="exponents.parquet"');
  await expect(compareRuns([outs[0]!])).rejects.toThrow(/two runs or more, got 1/);
});

it('replaces a page that is there only where it is named', async () => {
  const page = join(folder, 'comparison.html');
  writeFileSync(page, 'mine');
  const { code, stderr } = await crackle(['report', 'first', 'second'], { cwd: folder });
  expect([code, stderr]).toEqual([2, 'crackle: comparison.html is there already: --out comparison.html replaces it\n']);
  expect(readFileSync(page, 'utf8')).toBe('mine');
});
