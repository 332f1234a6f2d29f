import { describe, expect, it } from 'vitest';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { run } from '../../src/run/run.ts';

/** Findings of the verdicts on a network of 256 neurons, and the grounds in its row. */
async function verdictsAt(weightVariance: number, more: object = {}) {
  const { module: _, ...pipeline } = await loadPipeline(pipelineUrl('gaussian-avalanches'));
  const short = { widths: [256], engine: 'effective', weightVariance, valid: 20_000, spectrumEvery: 0 };
  const { summaries, tables } = await run(pipeline, { ...short, ...more }, { seed: 3 });
  const findings = summaries.flatMap((summary) => summary.findings ?? []);
  const verdictOf = (word: string) => findings.find(({ sentence }) => sentence.includes(word))?.verdict;
  return {
    row: tables.exponents![0]! as unknown as Record<string, unknown>,
    relation: verdictOf('crackling relation'),
    classes: verdictOf('niversality class'),
    side: verdictOf('critical: '),
  };
}

// In six runs each of 40,000 avalanches σw² of 0.98, 0.99 and 1.02 were refused every time, 1 and 1 + 1/N never.
describe('verdicts on networks of 256 neurons', () => {
  it.each([
    [0.98, 'subcritical'],
    [1.02, 'supercritical'],
  ])('say at σw² = %d that it is %s, and neither relation nor class', async (weightVariance, side) => {
    const found = await verdictsAt(weightVariance);
    expect(found).toMatchObject({ relation: "can't be tested", classes: 'not decided', side });
    expect(found.row.alpha_refuted_by).toContain('truncated_power_law');
    expect(found.row.window_accepted).toBeNull();
  });

  it.each([
    [0.5, 'subcritical'],
    [3, 'supercritical'],
  ])('say at σw² = %d, where no avalanche ends, that it is %s', async (weightVariance, side) => {
    const { row, ...found } = await verdictsAt(weightVariance, { perturbations: 1000, depth: 200 });
    expect(row.alpha).toBeNull();
    expect(found).toMatchObject({ relation: "can't be tested", side });
  });

  it('give both at the critical point', async () => {
    const { relation, classes, side, row } = await verdictsAt(1 + 1 / 256);
    expect(relation).toMatch(/^holds/);
    expect(classes).not.toBe('not decided');
    expect(side).toBeUndefined();
    expect(row).toMatchObject({ tau_refuted_by: '', alpha_refuted_by: '' });
  });

  it('give neither where no window passes its test', async () => {
    const found = await verdictsAt(0.98, { window: 'widest' });
    expect(found).toMatchObject({ relation: "can't be tested", classes: 'not decided' });
    expect(found.row.window_accepted).toBe(false);
  });
});

it('a network of a single avalanche, which its block alone has, is measured to the end', async () => {
  const { module: _, ...pipeline } = await loadPipeline(pipelineUrl('gaussian-avalanches'));
  const dying = { widths: [64], engine: 'effective', weightVariance: 0.55, perturbations: 2000, depth: 30 };
  const { tables } = await run(pipeline, dying, { seed: 1 });
  expect(tables.ensemble![0]!).toMatchObject({ valid: 1 });
  expect(tables.exponents![0]!.alpha ?? null).toBeNull();
});
