import { beforeAll, describe, expect, it } from 'vitest';
import pipeline from '../../pipelines/activation-universality.ts';
import { activationEnsembles, activationParameters } from '../../src/crackling/activations.ts';
import { firstReturnExponent, firstReturnLaw } from '../../src/crackling/random-walk.ts';
import { checkParameters } from '../../src/parameter.ts';
import { run } from '../../src/run/run.ts';

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
  let result: Awaited<ReturnType<typeof run<'activation-universality'>>>;
  beforeAll(async () => {
    const values = {
      activations: ['tanh', 'linear', 'relu'],
      width: 256,
      depth: 600,
      valid: 20_000,
      alternatives: false,
      blocks: 20,
    };
    // Imported, not named, it runs in this thread, which saves the start of workers.
    result = await run(pipeline, values, { seed: 3 });
  });

  it('has a row for every activation in each table, labelled by it', () => {
    expect(result.tables.ensemble.map(({ activation }) => activation)).toEqual(['tanh', 'linear', 'relu']);
    expect(result.tables.exponents).toHaveLength(3);
    expect(result.tables.random_walk.map(({ critical_variance }) => critical_variance)).toEqual([1, 1, 2]);
    expect(result.tables.random_walk[1]!.trap).toBe(0);
  });

  it('finds durations of 1 ≪ D ≪ N as the random-walk theory says, whatever the activation', () => {
    // 4 standard errors: a false alarm in 5000 for three activations.
    for (const { alpha_deviation, alpha_error } of result.tables.random_walk) {
      expect(alpha_error).toBeLessThan(0.05);
      expect(Math.abs(alpha_deviation!)).toBeLessThan(4);
    }
  });

  it('finds γ near the 3/2 of the area of an excursion there', () => {
    for (const { gamma } of result.tables.random_walk) {
      expect(gamma).toBeGreaterThan(1.45);
      expect(gamma).toBeLessThan(1.7);
    }
  });

  it('refuses a window that holds no two durations', async () => {
    await expect(run('activation-universality', { windowMin: 64, windowMax: 64 })).rejects.toThrow(
      'window-max must be larger than window-min, got 64 and 64',
    );
    await expect(run('activation-universality', { width: 16 })).rejects.toThrow(
      'window-max must be larger than window-min, got 4 (a quarter of the width, 16, as none is given) and 10',
    );
  });
});
