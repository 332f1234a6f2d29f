import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import pipeline from '../../pipelines/gaussian-avalanches.ts';
import { readParameters } from '../../src/cli/parameter-options.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import type { Pipeline } from '../../src/pipeline.ts';
import { run } from '../../src/run/run.ts';

const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/authors.json'), 'utf8'));
const values = pipeline.presets!.authors!.values;

describe('preset authors', () => {
  let row: Record<string, unknown>;
  beforeAll(async () => {
    const { module: _, ...loaded } = await loadPipeline(pipelineUrl('gaussian-avalanches'));
    // 20 avalanches of 20,000 for 100 of 98,207: the same durations take part in the scaling fit.
    const few = { valid: 20_000, scalingCount: 20, blocks: 24 };
    const short = { ...values, ...few, engine: 'effective', alternatives: false };
    const { tables } = await run(loaded, short, { seed: 5 });
    row = tables.exponents![0]! as unknown as Record<string, unknown>;
  });

  // 4 joint standard errors, 1 in 16,000 for each of four (seeded); the errors must be small enough to tell the sum from zero, (1.57, 1.04), apart.
  it.each([
    ['tau', golden.printed, 0.01],
    ['alpha', golden.printed, 0.015],
    ['gamma_predicted', golden.printed, 0.08],
    ['gamma_scaling', golden.independent_98207, 0.07],
  ])('finds the published %s', (name, numbers, largest) => {
    const error = row[`${name}_error`] as number;
    expect(error).toBeLessThan(largest);
    const published = (numbers[`${name}_error`] as number | undefined) ?? 0;
    expect(Math.abs((row[name] as number) - numbers[name])).toBeLessThan(4 * Math.hypot(error, published));
  });

  it('says which size it measured', () => {
    expect(row).toMatchObject({ size: 'excess', excluded: 0 });
  });
});

describe('readParameters(options, pipeline)', () => {
  const read = (options: Record<string, unknown>) =>
    readParameters(options, pipeline as unknown as Pipeline, (sentence) => expect.fail(sentence));

  it('takes what is given beside a preset before it, and the preset before defaults', () => {
    expect(read({ preset: 'authors', widths: '100', durationMax: 'auto' })).toMatchObject({
      ...values,
      widths: [100],
      durationMax: null,
    });
    expect(read({})).toMatchObject({ lastLayer: 'counted', durationMax: null });
  });

  it.each(['durationMax', 'sizeMax', 'collapseMax'])(
    'reads none for %s, and names it beside what else is expected',
    (name) => {
      expect(read({ [name]: 'none' })).toMatchObject({ [name]: 'none' });
      expect(() => read({ [name]: 'nothing' })).toThrow(/auto or none, got/);
    },
  );
});
