import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import pipeline from '../../pipelines/phase-diagram.ts';
import { activation } from '../../src/network/activation.ts';
import type { Tables } from '../../src/pipeline.ts';
import { compileFigure } from '../../src/report/render.ts';
import { run } from '../../src/run/run.ts';
import { readRows } from '../../src/store/read-table.ts';
import { meanFieldPoint } from '../../src/theory/meanfield.ts';
import { temporaryFolder } from '../run/temporary.ts';

const folder = temporaryFolder();
const toy = {
  width: 128,
  weightFrom: 0.5,
  weightTo: 2,
  weightCells: 4,
  biasFrom: 0,
  biasTo: 0.2,
  biasCells: 3,
  leastNetworks: 24,
  mostNetworks: 400,
  window: 100,
  depth: 100,
};
const rowsOf = (tables: Tables) => tables.phase!;

describe("run('phase-diagram', values)", () => {
  it('sets theory and simulation side by side for each cell', async () => {
    const out = join(folder, 'toy');
    const { tables, figures, files, status } = await run(pipeline, toy, { out, seed: 5 });
    expect(status).toBe('complete');
    const rows = rowsOf(tables);
    expect(rows.map((row) => [row.weight_variance, row.bias_variance])).toEqual(
      [0, 0.1, 0.2].flatMap((bias) => [0.5, 1, 1.5, 2].map((weight) => [weight, bias])),
    );
    for (const row of rows) {
      const point = meanFieldPoint(activation('tanh'), row.weight_variance!, row.bias_variance!);
      expect([row.s_star, row.chi_weight_variance, row.xi_c]).toEqual([
        point.sStar,
        point.chiWeightVariance,
        point.xiC,
      ]);
      if (!(point.sStar > 0)) continue;
      // Finite width: deviations of order 1/N, with a coefficient up to 1 (see finite-width.test.ts), beside 4 standard errors.
      expect(Math.abs(row.strength! - point.sStar)).toBeLessThan(4 * row.strength_error! + 1 / toy.width);
      const chi = Math.abs(row.susceptibility! - point.chiWeightVariance);
      expect(chi).toBeLessThan(4 * row.susceptibility_error! + 1 / toy.width);
    }
    expect(await readRows(join(out, 'phase.parquet'), 'phase')).toHaveLength(rows.length);
    const names = new Set(tables.phase_curve!.map((row) => row.curve));
    expect(names).toContain('edge-of-chaos');
    expect(names).toContain('widom-weight-variance');
    for (const figure of figures) expect(compileFigure(figure).warnings).toEqual([]);
    expect((figures[0]!.spec.concat as unknown[]).length).toBe(8);
    expect(files).toEqual(expect.arrayContaining(['figures/phase-map.png', 'figures/phase-sections.svg']));
  });

  it('takes more networks near criticality, and says how many', async () => {
    const { tables } = await run(pipeline, toy);
    const at = (weight: number, bias: number) =>
      rowsOf(tables).find((row) => row.weight_variance === weight && row.bias_variance === bias)!;
    expect(at(1, 0).perturbations).toBe(400);
    expect(at(1.5, 0).perturbations).toBe(Math.ceil(24 * (at(1.5, 0).xi_q! / 2) ** 2));
    expect(at(2, 0.2).perturbations).toBe(24);
    expect(at(1.5, 0).burn_in).toBe(Math.ceil(10 * at(1.5, 0).xi_q!));
    expect(at(1, 0).burn_in).toBe(400);
  });

  it('gives the same rows in this thread and in workers, and others for another seed', async () => {
    const [one, two, other] = [
      await run(pipeline, toy),
      await run('phase-diagram', toy, { workers: 2 }),
      await run(pipeline, toy, { seed: 2 }),
    ];
    expect(two.tables.phase).toEqual(one.tables.phase);
    expect(other.tables.phase).not.toEqual(one.tables.phase);
  });

  it('counts avalanches that end, that die at once and that outlast the network', async () => {
    const { tables } = await run(pipeline, toy);
    for (const row of rowsOf(tables)) {
      expect(row.valid! + row.dead! + row.censored!).toBe(row.perturbations);
      // A bias alone keeps the signal above the drive: nothing ends.
      if (row.bias_variance! > 0) expect(row.censored).toBe(row.perturbations);
      if (row.valid === 0) expect(row.mean_size_ended).toBeNull();
    }
    const absorbing = rowsOf(tables)[0]!;
    expect(absorbing.dead).toBe(absorbing.perturbations);
    expect(absorbing.mean_size).toBeNull();
    const critical = rowsOf(tables)[1]!;
    expect(critical.valid).toBeGreaterThan(100);
    expect(critical.mean_size!).toBeGreaterThanOrEqual(critical.mean_size_ended!);
  });

  it('lets avalanches be excursions above the steady state', async () => {
    const { tables } = await run(pipeline, { ...toy, drive: 'steady' });
    for (const row of rowsOf(tables)) {
      if (!(row.s_star! > 0)) continue;
      expect(row.threshold).toBe(row.s_star);
      expect(row.censored).toBe(0);
      // What is above the steady state is a fluctuation, √(1/2N) of the strength a layer, not the strength itself.
      const fluctuation = (toy.width * row.s_star!) / Math.sqrt(2 * toy.width);
      expect(row.mean_size!).toBeGreaterThan(0.1 * fluctuation);
      expect(row.mean_size!).toBeLessThan(toy.depth * fluctuation);
    }
  });

  it('has no steady state where signals grow without bound', async () => {
    const grid = {
      ...toy,
      activation: 'relu',
      weightFrom: 1,
      weightTo: 200,
      weightCells: 2,
      biasCells: 1,
      window: 400,
    };
    const { tables } = await run(pipeline, grid);
    expect(rowsOf(tables)[0]!.strength).toBeGreaterThanOrEqual(0);
    expect(rowsOf(tables)[1]!).toMatchObject({ s_star: Infinity, strength: null, susceptibility: null });
    // Far from where they begin to, no cell is worth more networks than one far below.
    expect(rowsOf(tables)[1]!.perturbations).toBe(toy.leastNetworks);
  });

  it('refuses ranges that run backwards', async () => {
    await expect(run(pipeline, { weightFrom: 2, weightTo: 1 })).rejects.toThrow('weight-to must be at least 2');
    await expect(run(pipeline, { leastNetworks: 10, mostNetworks: 5 })).rejects.toThrow(
      'most-networks must be at least 10, got 5',
    );
  });
});
