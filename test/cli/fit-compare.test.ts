import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run as runPipeline } from '../../src/run/run.ts';
import { powerLawValues } from '../fit/synthetic.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { output } from './fit-output.ts';

const folder = temporaryFolder();
function file(name: string, ...lines: readonly (string | number)[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}
const values = (exponent: number, key: number) =>
  powerLawValues({ discrete: false, exponent, xmin: 1, xmax: Infinity }, 400, 61, key);

describe('crackle fit --against, --by', () => {
  // Errors are 0.05 and 0.1: exponents of 2 and 3 are nine of them apart.
  it('tells two exponents apart, and says so of two samples of one law, with the numbers beside it', async () => {
    const [a, b, c] = [values(2, 1), values(3, 2), values(2, 3)].map((all, s) => file(`${s}.csv`, 'size', ...all));
    const words = [a!, '--column', 'size', '--xmin', '1', '--against'];
    const differ = await output(...words, b!);
    expect(differ).toMatch(/difference +[01]\.\d+\(\d+\) {2}\(z = \d/);
    expect(differ).toContain('The exponents differ (p = ');
    expect(differ).toContain('Between the cutoffs the samples are not of one law');
    const same = await output(...words, c!);
    expect(same).toContain("The exponents don't differ significantly (p = ");
    expect(same).toContain('Between the cutoffs the samples may be of one law');
    const itself = /Both samples are \S+0\.csv: differences, errors and p values .* say nothing here\./;
    expect(await output(...words, a!)).toMatch(itself);
    expect(differ + same).not.toContain('say nothing');
    const found = JSON.parse(await output(...words, b!, '--json'));
    expect(found.samples).toMatchObject([a, b].map((name) => ({ name, n_tail: 400 })));
    expect(found.difference).toBeCloseTo(found.samples[1].exponent - found.samples[0].exponent, 12);
    expect(Math.abs(found.difference - 1)).toBeLessThan(4 * found.difference_error);
    expect(found.p_value).toBeLessThan(1e-6);
  });

  it('says of a column which exponents are poorly constrained, or of no power law', async () => {
    const five = file('five.csv', 'x', 1.5, 2.3, 3.1, 5.2, 9.9);
    const text = await output(five, '--column', 'x', '--against', file('other.csv', 'x', 1.4, 2.5, 3.3, 5.7, 9.1));
    expect(text).toMatch(/five\.csv +3 of 5 +\S+°\n/);
    expect(text).toContain('other.csv: the exponent is poorly constrained (°): from ');
    expect(text).not.toContain('clearly better');
    const uniform = Array.from({ length: 400 }, (_, i) => (i + 0.5) / 400);
    const exponential = file('exponential.csv', 'x', ...uniform.map((u) => 1 - 8 * Math.log(u)));
    const pareto = file('pareto.csv', 'x', ...uniform.map((u) => u ** (-1 / 0.8)));
    const words = [exponential, '--column', 'x', '--xmin', '1', '--against', pareto];
    const mixed = await output(...words);
    expect(mixed).toMatch(
      /Of .*exponential\.csv: values follow no power law between the cutoffs, .* \(p < 0\.001\) by an exponential/,
    );
    expect(mixed).not.toMatch(/Of .*pareto\.csv/);
    const { samples, sentences } = JSON.parse(await output(...words, '--json'));
    expect(samples[0].refuted_by).toContain('exponential');
    expect(samples[1]).toMatchObject({ refuted_by: [], largest: (0.5 / 400) ** (-1 / 0.8) });
    expect(sentences[0]).toContain('follow no power law');
  });

  it('says of avalanches which exponents are poorly constrained, and nothing of a difference without errors', async () => {
    const few = file('few.csv', 'size,duration,kind', '1.5,2,a', '2.5,3,a', '4,5,a', '1,2,b', '2,3,b', '4.4,5,b');
    const text = await output(few, '--avalanches', 'size,duration', '--by', 'kind');
    expect(text).toMatch(/τ {2}size +\S+° {2}\(1\.5 – ∞\) .* – {2}–\n/);
    expect(text).toContain('Where an exponent has no error nothing is said of a difference');
    for (const name of ['kind=a', 'kind=b']) expect(text).toContain(`Of ${name}: ° marks poorly constrained exponents`);
    expect(text).not.toContain('NaN');
  });

  it('says of two runs of one seed and the same parameters that they are the same data', async () => {
    const run = async (name: string, seed: number, valid: number): Promise<string> => {
      const out = join(folder, name);
      const values = { widths: [32], engine: 'effective', valid, blocks: 4, alternatives: false } as const;
      await runPipeline('gaussian-avalanches', values, {
        out,
        seed,
        workers: 1,
        record: ['avalanche'],
        figures: false,
      });
      return out;
    };
    const [a, b, c] = [await run('a', 1, 300), await run('b', 1, 250), await run('c', 2, 250)];
    expect(await output(a, '--against', b)).toMatch(
      /of the same pipeline, parameters and seed \(1\), .* say nothing here\./,
    );
    expect(JSON.parse(await output(a, '--against', c, '--json')).sentences).toEqual([]);
  });

  it('refuses what can not be compared', async () => {
    const three = file('three.csv', 'size,kind', '1,a', '2,b', '3,c');
    await expect(output(three, '--column', 'size', '--by', 'kind')).rejects.toThrow(
      "by: column 'kind' must part the rows in two, it holds a, b, c",
    );
    await expect(output(three, '--column', 'size', '--against', three, '--censored', 'kind')).rejects.toThrow(
      "censored doesn't go together with --against and --by",
    );
  });
});
