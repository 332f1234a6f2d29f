import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { surrogateVerdict } from '../../src/crackling/surrogates.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { createStream } from '../../src/numeric/random.ts';
import type { Engine } from '../../src/propagation/engine.ts';
import { SignalRows } from '../../src/propagation/signal-rows.ts';
import { surrogatesFigure } from '../../src/report/surrogate-figure.ts';
import { summary } from '../../src/report/terminal.ts';
import { run } from '../../src/run/run.ts';
import { surrogateEngine, surrogateEnsemble } from '../../src/surrogate/engine.ts';
import { surrogateKinds } from '../../src/surrogate/kinds.ts';
import { engineAvalanches } from '../propagation/engine-avalanches.ts';
import { twoSample } from '../propagation/two-sample.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';

const folder = temporaryFolder();

const ensemble: Ensemble = {
  index: 0,
  activation: 'tanh',
  width: 1,
  depth: 200,
  weightVariance: 1,
  biasVariance: 0,
  inputStrength: 10,
  reuse: 1,
};

/** An Ornstein–Uhlenbeck process about the threshold 10, from the threshold on: a Gaussian process, whatever its avalanches look like. */
const walk: Engine = {
  name: 'ornstein-uhlenbeck',
  *propagate(perturbations, { ensemble: { depth }, seed, floor, windowRows }) {
    const out = new SignalRows(windowRows);
    for (const id of perturbations) {
      const stream = createStream(seed, 77, id);
      let x = 0;
      for (let layer = 1; layer <= depth; layer++) {
        x = 0.99 * x + stream.normal();
        out.push(id, layer, 10 + x);
        if (out.full) yield out.take();
        if (floor !== null && 10 + x < Number(floor)) break;
      }
    }
    if (out.length > 0) yield out.take();
  },
};

const open = async (): Promise<Engine> => walk;

describe('surrogateEngine', () => {
  // One Kolmogorov–Smirnov test at p = 0.001 (seeded).
  it('gaussian: a thresholded Gaussian process has the durations of its surrogate', async () => {
    const of = surrogateEnsemble(ensemble, 'gaussian', 1);
    const longer = (found: { duration: number }[]) =>
      found.filter(({ duration }) => duration > 0).map((a) => a.duration);
    const measured = longer(await engineAvalanches(walk, ensemble, 1, 12_000));
    const made = longer(await engineAvalanches(surrogateEngine('gaussian', ensemble, open), of, 2, 12_000));
    expect(measured.length).toBeGreaterThan(5000);
    expect(twoSample(measured, made).p).toBeGreaterThan(0.001);
  });

  it('shuffle: durations are those of independent layers, 2^−D nearly', async () => {
    const of = surrogateEnsemble(ensemble, 'shuffle', 1);
    const made = await engineAvalanches(surrogateEngine('shuffle', ensemble, open), of, 2, 12_288);
    const lasting = (d: number) => made.filter(({ duration }) => duration >= d).length / made.length;
    for (let d = 1; d < 5; d++) expect(Math.abs(lasting(d) / 0.5 ** d - 1)).toBeLessThan(0.15);
  });

  it('gives the same signals however perturbations and windows are cut', async () => {
    for (const kind of surrogateKinds) {
      const of = surrogateEnsemble({ ...ensemble, depth: 50, reuse: 4 }, kind, 1);
      const engine = surrogateEngine(kind, { ...ensemble, depth: 50, reuse: 4 }, open);
      const signals = async (batches: number[][], windowRows: number): Promise<string[]> => {
        const rows: string[] = [];
        for (const batch of batches) {
          const options = { ensemble: of, seed: 3, observable: 'pre-activation', floor: 10, windowRows } as const;
          for await (const w of engine.propagate(Float64Array.from(batch), options)) {
            for (let r = 0; r < w.length; r++) rows.push(`${w.perturbation[r]} ${w.layer[r]} ${w.strength[r]}`);
          }
        }
        return rows;
      };
      const ids = Array.from({ length: 12 }, (_, i) => of.reuse - 6 + i);
      expect(await signals([ids.slice(0, 3), ids.slice(3, 9), ids.slice(9)], 7)).toEqual(await signals([ids], 100));
    }
  });

  it('says where a block would not fit into memory', async () => {
    const deep = { ...ensemble, depth: 2 ** 23 };
    const engine = surrogateEngine('phase', deep, open);
    await expect(engineAvalanches(engine, surrogateEnsemble(deep, 'phase', 1), 1, 1)).rejects.toThrow(
      '32 perturbations through 8388608 layers at once',
    );
  });
});

describe('gaussian-avalanches --surrogate', () => {
  const toy = {
    widths: [32],
    depth: 60,
    valid: 1000,
    engine: 'effective',
    profileCount: 20,
    durationMin: 3,
    durationMax: 30,
    alternatives: false,
  };

  it('measures null models beside the networks, marks them, and says what survives; the same bits for any workers', async () => {
    const hashes: string[] = [];
    for (const workers of [1, 2]) {
      const out = join(folder, `surrogate-${workers}`);
      const values = { ...toy, surrogate: ['gaussian', 'shuffle'] as const };
      const { tables, figures, summaries } = await run('gaussian-avalanches', values, {
        out,
        workers,
        record: ['avalanche'],
        figures: false,
        seed: 7,
      });
      hashes.push(await hashDataset(out));
      expect(tables.ensemble!.map((row) => row.surrogate)).toEqual([null, 'gaussian', 'shuffle']);
      expect(tables.exponents!.map((row) => row.surrogate)).toEqual([null, 'gaussian', 'shuffle']);
      const rows = tables.surrogate!;
      expect(rows.map((row) => row.surrogate_ensemble)).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
      const alpha = rows.find((row) => row.exponent === 'alpha' && row.surrogate === 'shuffle')!;
      expect(alpha.verdict).toBe('differs from its surrogate');
      expect(alpha.null_model).toBe(tables.exponents![2]!.alpha);
      expect(summary({ summaries })).toMatch(/N = 32 +α +shuffle .* differs$/m);
      expect(figures.map(({ name }) => name)).toContain('surrogates');
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('leaves the measured ensemble as it is, and no table without a null model', async () => {
    const [without, having] = [
      await run('gaussian-avalanches', toy, { workers: 1, seed: 7 }),
      await run('gaussian-avalanches', { ...toy, surrogate: ['phase'] }, { workers: 1, seed: 7 }),
    ];
    expect(having.tables.exponents![0]).toEqual(without.tables.exponents![0]);
    expect(without.tables.surrogate).toEqual([]);
    expect(JSON.stringify(surrogatesFigure(having.tables).spec)).toContain('"source":"phase"');
  });
});

describe('surrogateVerdict', () => {
  const measured = (estimate: number, standardError: number) => ({ estimate, standardError });
  it('asks for agreement that is certain and for differences that are large and certain', () => {
    expect(surrogateVerdict(measured(1.9, 0.01), measured(1.94, 0.001))).toBe('survives in its surrogate');
    expect(surrogateVerdict(measured(1.9, 0.5), measured(1.9, 0.5))).toBe("can't be told");
    expect(surrogateVerdict(measured(1.5, 0.02), measured(2, 0.02))).toBe('differs from its surrogate');
    expect(surrogateVerdict(measured(1.5, 0.4), measured(2, 0.02))).toBe("can't be told");
    expect(surrogateVerdict(measured(Number.NaN, 0.4), measured(2, 0.02))).toBe('missing in one of them');
  });
});
