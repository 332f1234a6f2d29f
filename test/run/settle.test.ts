import { describe, expect, it } from 'vitest';
import gaussian from '../../pipelines/gaussian-avalanches.ts';
import known from '../../pipelines/known-exponents.ts';
import { BackendError } from '../../src/error.ts';
import type { Pipeline } from '../../src/pipeline.ts';
import { onCards } from '../../src/propagation/on-cards.ts';
import { foundCard } from '../../src/run/card.ts';
import { composePipeline } from '../../src/run/compose.ts';
import { neuronLayers, settled } from '../../src/run/settle.ts';

const large = { widths: [512], valid: 1e6 };
const composed = (values: Record<string, unknown>, pipeline = gaussian as unknown as Pipeline) =>
  composePipeline(pipeline, values);
const card = { adapter: 'nvidia hopper' };

/** What `auto` comes to on a machine with this card, how often it was opened, and what was said. */
async function settle(
  values: Record<string, unknown>,
  options: { queue?: string; shard?: { index: number; of: number } } = {},
  found: typeof card | Error = card,
) {
  let opened = 0;
  const said: string[] = [];
  const logger = { info: (text: string) => said.push(text), warn: () => {}, debug: (text: string) => said.push(text) };
  const before = composed(values);
  const after = await settled(before, { ...options, logger } as never, async () => {
    opened++;
    if (found instanceof Error) throw found;
    return found;
  });
  return { backend: after.values.backend, same: after === before, opened, said };
}

describe('backend auto of engine annealed', () => {
  it('takes a graphics card for a large run, says so, and leaves nothing else changed', async () => {
    const { backend, opened, said } = await settle({ ...large, engine: 'annealed' });
    expect({ backend, opened }).toEqual({ backend: 'webgpu', opened: 1 });
    expect(said).toEqual(['engine annealed computes on nvidia hopper; --backend simd computes on processors']);
  });

  it('does not look for a card for a small run, for other engines, on a queue or in a shard, or where a backend is named', async () => {
    for (const [values, options] of [
      [{ ...large, valid: 1e4 }],
      [{ ...large, engine: 'effective' }],
      [{ ...large, engine: 'dense' }],
      [{ ...large, backend: 'simd' }],
      [large, { queue: 'redis://localhost' }],
      [large, { shard: { index: 1, of: 2 } }],
    ] as const) {
      expect(await settle({ engine: 'annealed', ...values }, options)).toMatchObject({ same: true, opened: 0 });
    }
  });

  it('stays on processors where there is no card, or cards lack an activation', async () => {
    const none = new BackendError('backend webgpu finds no adapter');
    expect(await settle({ ...large, engine: 'annealed' }, {}, none)).toMatchObject({
      same: true,
      said: ['backend auto computes on processors: backend webgpu finds no adapter'],
    });
    const wild = { ...large, engine: 'annealed', activation: 'sin', weightVariance: 2e6 };
    expect(await settle(wild)).toMatchObject({ same: true, opened: 0, said: [] });
  });

  it('finds no card in a program that stands in for one, or where there is nothing', async () => {
    const reasons = /^(the package webgpu is not|backend webgpu finds no adapter|.* is a program that stands in)/;
    const found = await foundCard().catch((error: Error) => error.message);
    if (typeof found === 'string') expect(found).toMatch(reasons);
    else expect(found.software).toBe(false);
  });

  it('counts neurons and layers: what most perturbations take at criticality, no more than the depth', () => {
    const { composition } = composed({ ...large, engine: 'annealed', depth: 10, weightVariance: 1 });
    expect(neuronLayers(composition)).toBe(2e6 * 10 * 512);
  });

  it('leaves processes, which no network makes, residual networks and shared networks alone', () => {
    const [ensemble] = composed({ ...large, engine: 'annealed' }).composition.ensembles;
    expect(onCards(ensemble!)).toBe(true);
    const { ensembles } = composed({}, known as unknown as Pipeline).composition;
    expect(ensembles.map(onCards)).toEqual(ensembles.map(() => false));
    expect(onCards({ ...ensemble!, model: 'resnet-18' })).toBe(false);
    expect(onCards({ ...ensemble!, reuse: 2 })).toBe(false);
  });
});
