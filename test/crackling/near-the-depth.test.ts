import { expect, it } from 'vitest';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { run } from '../../src/run/run.ts';

/** Exponents of one and the same walks, followed through so many layers. */
async function exponentsAt(depth: number, more: object = {}) {
  const { module: _, ...pipeline } = await loadPipeline(pipelineUrl('gaussian-avalanches'));
  const wide = { widths: [10_000], engine: 'effective', perturbations: 40_000, valid: 10 ** 6 };
  const short = { ...wide, spectrumEvery: 0, alternatives: false };
  const { tables } = await run(pipeline, { ...short, depth, ...more }, { seed: 5 });
  return tables.exponents![0]! as unknown as Record<string, number>;
}

it('τ isn’t that of sizes which are missing because their avalanches go on at the last layer', async () => {
  const cut = await exponentsAt(100);
  const whole = await exponentsAt(300, { durationMax: 99, sizeMin: cut.tau_min, sizeMax: cut.tau_max });
  expect(whole).toMatchObject({ alpha_max: 99, tau_max: cut.tau_max });
  expect(whole.alpha).toBeCloseTo(cut.alpha!, 9);
  // Up to ⟨S⟩ at the depth τ is 0.08 too large.
  expect(Math.abs(cut.tau! - whole.tau!)).toBeLessThan(0.002);
});

it('cutoffs near the depth leave sizes a range', async () => {
  const { tau_min, tau_max } = await exponentsAt(100, { durationMin: 70 });
  expect(tau_max! / tau_min!).toBeGreaterThan(1.2);
});

it('the window given holds all that a network’s depth leaves room for, not the range in which it scales', async () => {
  const all = await exponentsAt(100, { window: 'given' });
  expect(all).toMatchObject({ alpha_min: 1, alpha_max: 99 });
  expect(await exponentsAt(100, { window: 'given', durationMin: 5 })).toMatchObject({ alpha_min: 5, alpha_max: 99 });
});
