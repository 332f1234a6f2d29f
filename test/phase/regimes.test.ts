import { describe, expect, it } from 'vitest';
import pipeline from '../../pipelines/regimes.ts';
import { compileFigure } from '../../src/report/render.ts';
import { run } from '../../src/run/run.ts';

const toy = { width: 64, depth: 50, networks: 400, traces: 3, weightVariances: [0.9, 1, 1.3] };

describe("run('regimes', values)", () => {
  it('keeps traces, their root mean square over all networks, and the recursion', async () => {
    const { tables, figures, summaries } = await run(pipeline, toy, { seed: 4 });
    const rows = tables.regime!;
    expect(rows).toHaveLength(3 * (3 + 2) * 51);
    for (const ensemble of [0, 1, 2]) {
      const of = (series: string) => rows.filter((row) => row.ensemble === ensemble && row.series === series);
      expect(new Set(of('trace').map((row) => row.perturbation))).toEqual(new Set([0, 1, 2]));
      const recursion = of('recursion');
      of('mean').forEach((row, layer) => {
        expect(row.layer).toBe(layer);
        const theory = recursion[layer]!.strength!;
        // E q_l is the recursion's exactly while φ is linear; bending costs order 1/N of the fixed point. 4.5 standard errors beside it.
        expect(Math.abs(row.strength! - theory)).toBeLessThan(4.5 * row.strength_error! + (2 * theory) / toy.width);
      });
    }
    const found = summaries[0]!.rows;
    expect(found.map(([weight, layer]) => [weight, layer])).toEqual([
      ['σw² = 0.9', '50'],
      ['σw² = 1', '50'],
      ['σw² = 1.3', '50'],
    ]);
    expect(found[0]!.at(-1)).toMatch(/^falls to 0\.\d+ of the input$/);
    expect(found[2]!.at(-1)).toMatch(/^grows to \d/);
    expect(figures).toHaveLength(1);
    expect(compileFigure(figures[0]!).warnings).toEqual([]);
  });

  it('calls a signal that overflows no dead one, though in some networks it is finite still', async () => {
    const { tables, summaries } = await run(pipeline, {
      ...{ activation: 'linear', width: 4, depth: 130, networks: 20, weightVariances: [5] },
    });
    const rows = tables.regime!.filter((row) => row.series === 'mean');
    const last = rows.findIndex((row) => row.strength === Infinity);
    expect(rows.slice(0, last).every((row) => Number.isFinite(row.strength))).toBe(true);
    expect(rows.slice(last).every((row) => row.strength === Infinity && row.strength_error === null)).toBe(true);
    expect(tables.regime!.some((row) => row.layer === last && row.series === 'trace' && row.strength! < 1e38)).toBe(
      true,
    );
    expect(summaries[0]!.rows[0]!.slice(3)).toEqual(['∞', expect.stringMatching(/e4\d$/), 'overflows']);
  });

  it('refuses a weight variance that comes twice', async () => {
    await expect(run(pipeline, { ...toy, weightVariances: [1, 1] })).rejects.toThrow(
      'weight-variances must differ, got 1 twice',
    );
  });

  it('gives the same rows in this thread and in workers', async () => {
    const [one, two] = [await run(pipeline, toy), await run('regimes', toy, { workers: 2 })];
    expect(two.tables).toEqual(one.tables);
  });
});
