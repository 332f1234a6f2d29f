import { describe, expect, it } from 'vitest';
import {
  avalanches,
  column,
  crackling,
  cracklingParameters,
  cracklingTableNames,
  createStream,
  definePipeline,
  type PartitionContext,
  pulled,
  rowsToBatch,
  run,
  type Stage,
} from '../../src/index.ts';

/** A critical branching process: each active site has two successors or none, with equal chances. */
const branching = ({ ensemble, seed }: PartitionContext): Stage =>
  pulled({ drained: async () => {} }, async function* (perturbations) {
    const rows: { ensemble: number; perturbation: number; layer: number; strength: number }[] = [];
    for (const id of Array.from(column<BigInt64Array>(perturbations, 'perturbation'), Number)) {
      const stream = createStream(seed, ensemble.index, 0x6f776e, id);
      for (let layer = 1, active = 1; layer <= ensemble.depth && active > 0; layer++) {
        let next = 0;
        for (let i = 0; i < active; i++) next += stream.uniform() < 0.5 ? 2 : 0;
        active = next;
        rows.push({ ensemble: ensemble.index, perturbation: id, layer, strength: active });
      }
    }
    yield rowsToBatch('signal', rows);
  });

const own = definePipeline({
  name: 'own-model',
  doc: 'a critical branching process',
  parameters: cracklingParameters,
  tables: cracklingTableNames,
  compose: (values) => ({
    ensembles: [
      {
        ...{ index: 0, width: 1, depth: 400, inputStrength: 1, reuse: 1, activation: 'none' },
        ...{ weightVariance: 0, biasVariance: 0, model: 'branching, m = 1' },
      },
    ],
    stop: { perturbations: 20_000 },
    stages: (partition) =>
      partition.perturbation$.pipe(
        branching(partition),
        avalanches(partition, { threshold: 1, profile: values.profilePoints }),
      ),
    ...crackling(values),
  }),
});

describe('a model of one’s own that is no network', () => {
  it('is fitted over the widest window that a power law passes, and goes by its own name', async () => {
    const { tables, summaries } = await run(own, { alternatives: false, systematic: 0.05 }, { seed: 4 });
    const [row] = tables.exponents;
    expect(row!.alpha_max).toBeGreaterThan(40);
    // Exact: α = 2, τ = 3/2. False alarm below 1e-4, beside corrections to scaling of 0.1.
    expect(Math.abs(row!.alpha! - 2)).toBeLessThan(0.1 + 4 * row!.alpha_error!);
    expect(Math.abs(row!.tau! - 1.5)).toBeLessThan(0.1 + 4 * row!.tau_error!);
    expect(summaries[0]!.rows[0]![0]).toBe('branching, m = 1');
  });

  it('keeps the range of networks where that is asked for', async () => {
    const { tables } = await run(own, { alternatives: false, window: 'scaling' }, { seed: 4 });
    expect(tables.exponents[0]).toMatchObject({ alpha_min: 1, alpha_max: 2, window_rule: 'scaling' });
  });
});
