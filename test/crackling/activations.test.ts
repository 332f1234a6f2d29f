import { beforeAll, describe, expect, it } from 'vitest';
import { activationEnsembles, activationParameters } from '../../src/crackling/activations.ts';
import { firstReturnExponent, firstReturnLaw } from '../../src/crackling/random-walk.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { checkParameters } from '../../src/parameter.ts';
import { type RunResult, run } from '../../src/run.ts';
import type { TableName, TableRows } from '../../src/schema/columns.ts';

describe('firstReturnLaw(most)', () => {
  it('holds the probabilities 1/8, 1/16, 5/128 of D = 1, 2, 3, and one half in all', () => {
    const { count } = firstReturnLaw(100_000);
    expect([...count.slice(0, 3)]).toEqual([1 / 8, 1 / 16, 5 / 128]);
    const sum = count.reduce((total, each) => total + each, 0);
    // The rest is 1/√(π·n) of the first passages after n steps.
    expect(sum + 1 / Math.sqrt(Math.PI * 100_001)).toBeCloseTo(0.5, 7);
  });

  it('tends to D^(−3/2) from below', () => {
    expect(firstReturnExponent({ least: 1000, most: 100_000 })).toBeCloseTo(1.5, 2);
    const near = firstReturnExponent({ least: 10, most: 64 });
    expect(near).toBeGreaterThan(1.4);
    expect(near).toBeLessThan(1.48);
  });
});

describe('activationEnsembles(values)', () => {
  const of = (given: Record<string, unknown>) => activationEnsembles(checkParameters(activationParameters, given));

  it('puts each activation at its own critical point', () => {
    const ensembles = of({ activations: ['tanh', 'relu'], width: 100, correction: 2 });
    expect(ensembles.map(({ activation, weightVariance }) => [activation, weightVariance])).toEqual([
      ['tanh', 1.02],
      ['relu', 2.1],
    ]);
  });

  it('refuses an activation that is listed twice', () => {
    expect(() => of({ activations: ['tanh', 'tanh'] })).toThrow('activations must differ, got tanh twice');
  });
});

describe("run('activation-universality')", () => {
  let result: RunResult;
  const rows = <N extends TableName>(table: N): readonly TableRows[N][] => result.tables[table] ?? [];
  beforeAll(async () => {
    const values = {
      activations: ['tanh', 'linear', 'relu'],
      width: 256,
      depth: 600,
      valid: 20_000,
      alternatives: false,
      blocks: 20,
    };
    const { module: _, ...pipeline } = await loadPipeline(pipelineUrl('activation-universality'));
    result = await run(pipeline, values, { seed: 3 });
  }, 120_000);

  it('has a row for every activation in each table, labelled by it', () => {
    expect(rows('ensemble').map(({ activation }) => activation)).toEqual(['tanh', 'linear', 'relu']);
    expect(rows('exponents')).toHaveLength(3);
    expect(rows('random_walk').map(({ critical_variance }) => critical_variance)).toEqual([1, 1, 2]);
    expect(rows('random_walk')[1]!.trap).toBe(0);
  });

  it('finds durations of 1 ≪ D ≪ N as the random-walk theory says, whatever the activation', () => {
    // 4 standard errors: a false alarm in 5000 for three activations.
    for (const { alpha_deviation, alpha_error } of rows('random_walk')) {
      expect(alpha_error).toBeLessThan(0.05);
      expect(Math.abs(alpha_deviation!)).toBeLessThan(4);
    }
  });

  it('finds γ near the 3/2 of the area of an excursion there', () => {
    for (const { gamma } of rows('random_walk')) {
      expect(gamma).toBeGreaterThan(1.45);
      expect(gamma).toBeLessThan(1.7);
    }
  });

  it('refuses a window that holds no two durations', async () => {
    await expect(run('activation-universality', { windowMin: 64, windowMax: 64 })).rejects.toThrow(
      'window-max must be larger than window-min, got 64 and 64',
    );
  });
});
