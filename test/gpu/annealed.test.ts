import { describe, expect, it } from 'vitest';
import { annealedSource } from '../../src/gpu/annealed.wgsl.ts';
import { compiled, openGpu } from '../../src/gpu/device.ts';
import { trusted } from '../../src/gpu/self-test.ts';
import { activation } from '../../src/network/activation.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { annealed } from '../../src/propagation/annealed.ts';
import { annealedWebGpu } from '../../src/propagation/annealed-webgpu.ts';
import type { Engine } from '../../src/propagation/engine.ts';
import { twoSample } from '../propagation/two-sample.ts';
import { withoutGpu } from './adapter.ts';
import { keyOf, strengths, threefry } from './reference.ts';
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
  reuse: 1,
};

describe('random words', () => {
  it('are those of Random123 (known answers, 20 rounds)', () => {
    const hex = (words: number[]): string => words.map((word) => word.toString(16).padStart(8, '0')).join(' ');
    expect(hex(threefry([0, 0, 0, 0], [0, 0, 0, 0], 20))).toBe('9c6ca96a e17eae66 fc10ecd4 5256a7d8');
  });
});

describe('annealedSource(chain, shape, subgroup, what)', () => {
  it.each(['subgroup', 'workgroup', 'invocation'] as const)(
    'has loops that Dawn sees to end, hence adds no counters to, but the one over perturbations: %s',
    (shape) => {
      for (const width of [100, 301, 512, 4096]) {
        const chain = { kind: 'tanh', width, postActivation: false } as const;
        const source = annealedSource(chain, shape, 4, 'followed').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
        expect(source.match(/\b(while|loop)\b/g)).toEqual(['loop']);
        const heads = source.match(/\bfor\b[^{]*/g)!;
        expect(heads.length).toBeGreaterThan(1);
        for (const head of heads) expect(head).toMatch(/^for \(var (\w+) = 0u?; \1 < \d+u?; \1\+\+\) $/);
      }
    },
  );
});

describe.skipIf(skip !== undefined)('the annealed engine on WebGPU', () => {
  const activations = ['tanh', 'linear', 'relu', 'leaky-relu(0.3)', 'hard-tanh', 'erf', 'sin', 'silu', 'gelu'];
  it.each(activations)('follows the recursion in float64 with the same random numbers: %s', async (name) => {
    for (const [width, biasVariance, weightVariance, inputStrength, observables] of [
      [1, 0, 1.5, 0.3, ['pre-activation']],
      [7, 0.01, 1.2, 1e-3, ['post-activation']],
      [30, 0, 3, 2, ['pre-activation', 'post-activation']],
    ] as const) {
      const ensemble = { ...base, activation: name, width, biasVariance, weightVariance, inputStrength };
      for (const observable of observables) {
        const ids = [3, 2 ** 33 + 5];
        const found = await traces(
          annealedWebGpu,
          Float64Array.from(ids),
          optionsOf(ensemble, { floor: null, observable }),
        );
        for (const id of ids) {
          const chain = { ...ensemble, activation: activation(name) };
          const expected = strengths(chain, keyOf(7, 2, id), observable === 'post-activation');
          found.get(id)!.forEach((s, i) => {
            // A neuron of 1 amplifies the rounding of a logarithm near its zero.
            expect(Math.abs(s - expected[i]!)).toBeLessThanOrEqual((width === 1 ? 1e-3 : 2e-5) * expected[i]!);
          });
        }
      }
    }
  });

  it('gives the same bits for any window and any company', async () => {
    const all = await traces(annealedWebGpu, range(0, 100), optionsOf(base));
    expect(all.size).toBe(100);
    expect(new Set([...all.values()].map((trace) => trace.length)).size).toBeGreaterThan(8);
    for (const windowRows of [1, 37, 600]) {
      const some = await traces(annealedWebGpu, range(20, 40), optionsOf(base, { windowRows }));
      for (const [id, trace] of some) expect(trace).toEqual(all.get(id));
      expect(some.size).toBe(20);
    }
  });

  it('is trusted where a look at it has shown that it adds right, and compiles for subgroups that are not here', async () => {
    const gpu = await openGpu();
    expect(await trusted(gpu)).toBe(gpu);
    const shared = { ...gpu, software: false, subgroup: Math.min(4, gpu.subgroup) };
    expect(await trusted(shared)).toBe(shared);
    const chain = { kind: 'gelu', postActivation: false } as const;
    for (const [what, width] of [
      ['followed', 100],
      ['followed', 512],
      ['profiles', 300],
    ] as const) {
      if (gpu.subgroup > 1) await compiled(gpu, annealedSource({ ...chain, width }, 'subgroup', 32, what));
    }
    expect(gpu.failure).toBeUndefined();
  });

  it('has strengths of 1e-30, whose squares float32 does not hold', async () => {
    const ensemble = { ...base, inputStrength: 1e-30, depth: 12 };
    const found = await traces(annealedWebGpu, range(0, 8), optionsOf(ensemble, { floor: null }));
    const same = await traces(
      annealedWebGpu,
      range(0, 8),
      optionsOf({ ...ensemble, inputStrength: 1e-10 }, { floor: null }),
    );
    for (const [id, trace] of found) {
      trace.forEach((s, i) => {
        expect(s / 1e-30).toBeCloseTo(same.get(id)![i]! / 1e-10, 4);
      });
    }
  });

  it('saturates at inputs of any strength', async () => {
    const ensemble = { ...base, width: 7, inputStrength: 1e25, depth: 3 };
    const found = await traces(annealedWebGpu, range(0, 4), optionsOf(ensemble, { floor: null }));
    for (const [id, trace] of found) {
      const expected = strengths({ ...ensemble, activation: activation('tanh') }, keyOf(7, 2, id));
      trace.forEach((s, i) => {
        expect(Math.abs(s / expected[i]! - 1)).toBeLessThan(2e-5);
      });
    }
  });

  it('retires perturbations at floors that depend on the layer', async () => {
    const floor = Float32Array.from({ length: base.depth + 1 }, (_, l) => 0.02 + 0.004 * l);
    const free = await traces(annealedWebGpu, range(0, 40), optionsOf(base, { floor: null }));
    const found = await traces(annealedWebGpu, range(0, 40), optionsOf(base, { floor }));
    for (const [id, trace] of free) {
      const below = trace.findIndex((s, i) => s < floor[i + 1]!);
      expect(found.get(id)).toEqual(below < 0 ? trace : trace.slice(0, below + 1));
    }
  });

  it('goes on where a device was lost, with what it would have given', async () => {
    const options = optionsOf(base, { windowRows: 500 });
    const whole = await traces(annealedWebGpu, range(0, 150), options);
    let windows = 0;
    const interrupted: Engine = {
      name: 'interrupted',
      async *propagate(ids, given) {
        for await (const window of annealedWebGpu.propagate(ids, given)) {
          if (++windows === 3) (await openGpu()).device.destroy();
          yield window;
        }
      },
    };
    expect(await traces(interrupted, range(0, 150), options)).toEqual(whole);
    expect(windows).toBeGreaterThan(5);
  });

  it.each(['tanh', 'relu'])(
    'has the law of the engine on processors: %s (two-sample KS, false alarm 2e-4)',
    async (name) => {
      const critical = name === 'relu' ? 2 : 1;
      const ensemble = { ...base, activation: name, width: 5, depth: 30, weightVariance: critical * 1.2 };
      const sizes = async (engine: Engine): Promise<number[]> => {
        const found = await traces(engine, range(0, 3000), optionsOf(ensemble));
        return [...found.values()].map((trace) =>
          trace.reduce((sum, s) => sum + Math.max(0, s - base.inputStrength), 0),
        );
      };
      expect(twoSample(await sizes(annealedWebGpu), await sizes(annealed)).p).toBeGreaterThan(1e-4);
    },
  );

  it('names an activation that it does not have', async () => {
    const { registerActivation } = await import('../../src/network/activation.ts');
    registerActivation({ name: 'cube-root', phi: Math.cbrt });
    const engine = traces(annealedWebGpu, range(0, 2), optionsOf({ ...base, activation: 'cube-root' }));
    await expect(engine).rejects.toThrow(/knows the activations .*, not 'cube-root'/);
  });
});
