import { describe, expect, it } from 'vitest';
import { openGpu } from '../../src/gpu/device.ts';
import { Pace } from '../../src/gpu/pace.ts';
import { QuenchedGpu } from '../../src/gpu/quenched.ts';
import { recordWords, slotSizes } from '../../src/gpu/quenched-slots.ts';
import { activation } from '../../src/network/activation.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { annealedWebGpu } from '../../src/propagation/annealed-webgpu.ts';
import type { Engine } from '../../src/propagation/engine.ts';
import { engine } from '../../src/propagation/engines.ts';
import { quenchedWebGpu } from '../../src/propagation/quenched-webgpu.ts';
import { withoutGpu } from './adapter.ts';
import { networkStrengths } from './quenched-reference.ts';
import { optionsOf, range, traces } from './traces.ts';

const skip = await withoutGpu();

const base: Ensemble = {
  index: 2,
  activation: 'tanh',
  width: 30,
  depth: 24,
  weightVariance: 1.05,
  biasVariance: 0,
  inputStrength: 0.1,
  reuse: 6,
};

describe('QuenchedGpu.most(law, largest)', () => {
  it.each([2, 8, 256])('gives networks whose buffers an adapter of 128 MiB a buffer binds: reuse %i', (reuse) => {
    const largest = 2 ** 27;
    const networks = QuenchedGpu.most({ reuse, depth: 1000 }, largest);
    const words = Math.max(...Object.values(slotSizes(reuse)));
    expect(4 * words * networks).toBeLessThanOrEqual(largest);
    expect(4 * words * networks).toBeGreaterThan(largest / 2);
    const { states, ...others } = slotSizes(reuse);
    const finding = { output: 'avalanches', points: 0 } as const;
    const found = QuenchedGpu.most({ reuse, depth: 1000 }, largest, finding);
    expect(4 * Math.max(states + recordWords(reuse), ...Object.values(others)) * found).toBeLessThanOrEqual(largest);
    const kept = QuenchedGpu.most({ reuse, depth: 1000 }, largest, { ...finding, points: 8 });
    expect(4 * reuse * 1000 * kept).toBeLessThanOrEqual(largest);
    expect(kept).toBeLessThan(found);
  });
});

describe.skipIf(skip !== undefined)('the quenched engine on WebGPU', () => {
  it.each([
    ['tanh', 6, 'pre-activation'],
    ['leaky-relu(0.3)', 3, 'post-activation'],
    ['gelu', 6, 'pre-activation'],
  ] as const)(
    'follows the recursion in float64 with the same random numbers: %s, reuse %i, %s',
    async (name, reuse, observable) => {
      for (const [width, biasVariance, weightVariance, inputStrength] of [
        [7, 0.01, 1.2, 0.3],
        [30, 0, 3, 2],
        [130, 0.1, 1.5, 0.5],
      ] as const) {
        const ensemble = {
          ...base,
          activation: name,
          reuse,
          width,
          biasVariance,
          weightVariance,
          inputStrength,
          depth: 6,
        };
        for (const [network, floor] of [
          [1, 0],
          [2 ** 33 + 5, inputStrength],
        ] as const) {
          const found = await traces(
            quenchedWebGpu,
            range(network * reuse, (network + 1) * reuse),
            optionsOf(ensemble, { floor, observable }),
          );
          const chain = { ...ensemble, activation: activation(name), floor };
          const place = { seed: 7, ensemble: 2, network };
          const expected = networkStrengths(chain, reuse, place, observable === 'post-activation');
          expected.forEach((trace, i) => {
            const own = found.get(network * reuse + i)!;
            expect(own).toHaveLength(trace.length);
            own.forEach((s, l) => {
              // Rows of seven neurons are nearly collinear: what float32 leaves of a row counts for more.
              expect(Math.abs(s / trace[l]! - 1)).toBeLessThan(width === 7 ? 1e-4 : 5e-6);
            });
          });
        }
      }
    },
  );

  it('gives the same bits for any window, any company, and networks cut anywhere', async () => {
    const all = await traces(quenchedWebGpu, range(0, 120), optionsOf(base));
    expect(all.size).toBe(120);
    expect(new Set([...all.values()].map((trace) => trace.length)).size).toBeGreaterThan(8);
    for (const [from, to, windowRows] of [
      [20, 40, 1],
      [21, 23, 37],
      [0, 64, 600],
    ] as const) {
      const some = await traces(quenchedWebGpu, range(from, to), optionsOf(base, { windowRows }));
      expect(some.size).toBe(to - from);
      for (const [id, trace] of some) expect(trace).toEqual(all.get(id));
    }
    const apart = await traces(quenchedWebGpu, Float64Array.of(3, 4, 50, 119), optionsOf(base));
    for (const [id, trace] of apart) expect(trace).toEqual(all.get(id));
    expect([...apart.keys()].sort((a, b) => a - b)).toEqual([3, 4, 50, 119]);
  });

  it('gives the same bits however dispatches are cut', async () => {
    const ensemble = { ...base, index: 3, depth: 40 };
    const whole = await traces(quenchedWebGpu, range(0, 60), optionsOf(ensemble));
    const gpu = await openGpu();
    for (const key of gpu.paces.keys()) gpu.paces.set(key, new Pace({ slowest: 1e-3, software: true }, ensemble.width));
    expect(await traces(quenchedWebGpu, range(0, 60), optionsOf({ ...ensemble, reuse: 6 }))).toEqual(whole);
  });

  it('retires perturbations at floors that depend on the layer, others of the network go on as they would', async () => {
    const floor = Float32Array.from({ length: base.depth + 1 }, (_, l) => 0.02 + 0.004 * l);
    const found = await traces(quenchedWebGpu, range(0, 120), optionsOf(base, { floor }));
    const lengths = new Set<number>();
    for (const trace of found.values()) {
      trace.slice(0, -1).forEach((s, i) => {
        expect(s).toBeGreaterThanOrEqual(floor[i + 1]!);
      });
      if (trace.length < base.depth) expect(trace.at(-1)).toBeLessThan(floor[trace.length]!);
      lengths.add(trace.length);
    }
    expect(lengths.size).toBeGreaterThan(5);
  });

  it('has strengths of 1e-30, whose squares float32 does not hold', async () => {
    const ensemble = { ...base, inputStrength: 1e-30, depth: 12 };
    const found = await traces(quenchedWebGpu, range(0, 12), optionsOf(ensemble, { floor: 0 }));
    const larger = { ...ensemble, inputStrength: 2 ** 66 * 1e-30 };
    const same = await traces(quenchedWebGpu, range(0, 12), optionsOf(larger, { floor: 0 }));
    for (const [id, trace] of found) {
      expect(trace).toHaveLength(12);
      trace.forEach((s, i) => {
        expect(s / 1e-30 / (same.get(id)![i]! / larger.inputStrength)).toBeCloseTo(1, 4);
      });
    }
  });

  it('has strengths beyond float32 as Infinity and 0, and follows all to the end where there is no floor', async () => {
    const ensemble = { ...base, activation: 'linear', width: 8, depth: 200, reuse: 3 };
    for (const [weightVariance, end] of [
      [4, Infinity],
      [0.1, 0],
    ] as const) {
      const found = await traces(
        quenchedWebGpu,
        range(0, 3),
        optionsOf({ ...ensemble, weightVariance }, { floor: null }),
      );
      for (const trace of found.values()) {
        expect(trace).toHaveLength(200);
        expect(trace.at(-1)).toBe(end);
      }
    }
  });

  it('is engine annealed where nobody shares a network', async () => {
    const alone = { ...base, reuse: 1 };
    expect(await traces(quenchedWebGpu, range(0, 30), optionsOf(alone))).toEqual(
      await traces(annealedWebGpu, range(0, 30), optionsOf(alone)),
    );
  });

  it('names what it does not have', async () => {
    const { registerActivation } = await import('../../src/network/activation.ts');
    registerActivation({ name: 'cube-root-quenched', phi: Math.cbrt });
    const own = traces(quenchedWebGpu, range(0, 6), optionsOf({ ...base, activation: 'cube-root-quenched' }));
    await expect(own).rejects.toThrow(/knows the activations .*, not 'cube-root-quenched'; engine quenched takes it/);
    const many = traces(quenchedWebGpu, range(0, 6), optionsOf({ ...base, reuse: 257 }));
    await expect(many).rejects.toThrow('up to reuse 256 at width 30, got 257; engine quenched takes more without');
    const wide = traces(quenchedWebGpu, range(0, 6), optionsOf({ ...base, width: 1_000_000, reuse: 40 }));
    await expect(wide).rejects.toThrow('up to reuse 15 at width 1000000, got 40');
    expect((await engine('quenched', 'webgpu')).propagate).toBe(quenchedWebGpu.propagate);
  });

  it('goes on where a device was lost, with what it would have given', async () => {
    // So wide that a round has 28 layers.
    const options = optionsOf({ ...base, width: 20_000, depth: 32 }, { windowRows: 40, floor: 0 });
    const whole = await traces(quenchedWebGpu, range(0, 6), options);
    const before = await openGpu();
    let windows = 0;
    const interrupted: Engine = {
      name: 'interrupted',
      async *propagate(ids, given) {
        for await (const window of quenchedWebGpu.propagate(ids, given)) {
          if (++windows === 2) (await openGpu()).device.destroy();
          yield window;
        }
      },
    };
    expect(await traces(interrupted, range(0, 6), options)).toEqual(whole);
    expect(windows).toBe(5);
    expect(await openGpu()).not.toBe(before);
  });
});
