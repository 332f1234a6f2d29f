import gammainc from '@stdlib/math-base-special-gammainc';
import { describe, expect, it } from 'vitest';
import { type AnnealedSetup, createAnnealedKernel } from '../../src/kernel/annealed.ts';
import { Squares } from '../../src/kernel/annealed-squares.ts';
import { lanePrefix } from '../../src/kernel/lane-prefix.ts';
import { instantiate } from '../../src/kernel/load.ts';
import { type KernelVariant, kernelVariant } from '../../src/kernel/variant.ts';
import { activation } from '../../src/network/activation.ts';
import { correlation, KOLMOGOROV_1E4, kolmogorov, NORMAL_1E4 } from '../numeric/random-statistics.ts';

const names = ['linear', 'relu', 'leaky-relu(0.1)', 'hard-tanh', 'tanh', 'erf', 'sin', 'silu', 'gelu'];
const simd: KernelVariant[] = kernelVariant() === 'relaxed-simd' ? ['simd', 'relaxed-simd'] : ['simd'];

function setupOf(name: string, width: number, more: Partial<AnnealedSetup> = {}): AnnealedSetup {
  return {
    activation: activation(name),
    width,
    depth: 40,
    weightVariance: name === 'relu' || name === 'silu' || name === 'gelu' ? 2.2 : 1.3,
    biasVariance: 0.01,
    inputStrength: 0.1 / Math.sqrt(width),
    postActivation: false,
    floor: null,
    seed: 7,
    ensemble: 2,
    capacity: 4096,
    batch: 64,
    ...more,
  };
}

interface Rows {
  perturbation: bigint[];
  layer: number[];
  strength: number[];
}

function rowsOf(setup: AnnealedSetup, variant: KernelVariant, perturbations: Float64Array): Rows {
  const kernel = createAnnealedKernel(setup, variant);
  const rows: Rows = { perturbation: [], layer: [], strength: [] };
  kernel.start(perturbations);
  while (!kernel.finished()) {
    const { perturbation, layer, strength } = kernel.run();
    rows.perturbation.push(...perturbation);
    rows.layer.push(...layer);
    rows.strength.push(...strength);
  }
  return rows;
}

const ids = (count: number, first = 0): Float64Array => Float64Array.from({ length: count }, (_, i) => first + i);

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((worst, x, i) => Math.max(worst, x === b[i] ? 0 : Math.abs(x / b[i]! - 1)), 0);
}

describe.each(simd)('annealed kernel (%s)', (variant) => {
  // Same random words; float32 neurons against float64. 40 layers of one neuron lose up to 3e-6, wide layers average the rounding.
  it.each(names)('follows the plain TypeScript reference trace by trace: %s', (name) => {
    for (const width of [1, 3, 16, 37, 130]) {
      for (const postActivation of [false, true]) {
        const setup = setupOf(name, width, { postActivation });
        const mine = rowsOf(setup, variant, ids(24, 2 ** 33 + 5));
        const reference = rowsOf(setup, 'reference', ids(24, 2 ** 33 + 5));
        expect(mine.perturbation).toEqual(reference.perturbation);
        expect(mine.layer).toEqual(reference.layer);
        expect(largestDifference(mine.strength, reference.strength)).toBeLessThan(width < 16 ? 4e-6 : 1.5e-6);
      }
    }
  });

  it.each(['tanh', 'relu'])('follows it in layers wider than its buffer: %s', (name) => {
    const setup = setupOf(name, 5003, { depth: 6 });
    const mine = rowsOf(setup, variant, ids(2));
    expect(largestDifference(mine.strength, rowsOf(setup, 'reference', ids(2)).strength)).toBeLessThan(5e-7);
  });

  it.each(names)('keeps its accuracy at signal strengths of 1e-30: %s', (name) => {
    const setup = setupOf(name, 20, { inputStrength: 1e-30, biasVariance: 0, depth: 20 });
    const mine = rowsOf(setup, variant, ids(20));
    expect(Math.min(...mine.strength)).toBeGreaterThan(0);
    expect(largestDifference(mine.strength, rowsOf(setup, 'reference', ids(20)).strength)).toBeLessThan(1.5e-6);
  });

  it('loses nothing in sums over 10⁶ neurons', () => {
    const setup = setupOf('tanh', 1_000_000, { depth: 2, weightVariance: 1 + 1e-6, biasVariance: 0 });
    const mine = rowsOf(setup, variant, ids(1));
    // Rows are float32: half a unit in the last place is 6e-8.
    expect(largestDifference(mine.strength, rowsOf(setup, 'reference', ids(1)).strength)).toBeLessThan(1.3e-7);
  });

  it('retires below a constant floor or the floor of the layer, at the same layers as the reference', () => {
    const table = Float32Array.from({ length: 41 }, (_, l) => (l % 3 === 0 ? 0.02 : 0.01));
    for (const floor of [0.025, table]) {
      const setup = setupOf('tanh', 16, { floor, biasVariance: 0, weightVariance: 1.05 });
      const mine = rowsOf(setup, variant, ids(64));
      const reference = rowsOf(setup, 'reference', ids(64));
      expect(mine.layer).toEqual(reference.layer);
      expect(mine.layer.length).toBeLessThan(64 * 40);
      mine.layer.forEach((layer, row) => {
        const below = mine.strength[row]! < (typeof floor === 'number' ? Math.fround(floor) : floor[layer]!);
        expect(below || layer === 40).toBe(mine.perturbation[row + 1] !== mine.perturbation[row]);
      });
    }
  });

  it('gives the same bits however the rows and the perturbations are cut', () => {
    const whole = rowsOf(setupOf('gelu', 37, { floor: 0.01 }), variant, ids(50));
    expect(rowsOf(setupOf('gelu', 37, { floor: 0.01, capacity: 7 }), variant, ids(50))).toEqual(whole);
    const parts = [ids(1), ids(30, 1), ids(19, 31)].map((part) =>
      rowsOf(setupOf('gelu', 37, { floor: 0.01 }), variant, part),
    );
    expect(parts.flatMap((rows) => rows.strength)).toEqual(whole.strength);
  });

  it('lets a growing signal overflow to Infinity, and retires it there where there is a floor', () => {
    const rows = rowsOf(setupOf('linear', 16, { weightVariance: 1e6 }), variant, ids(1));
    expect(rows.strength.slice(-2)).toEqual([Infinity, Infinity]);
    for (const kernel of [variant, 'reference'] as const) {
      const retired = rowsOf(setupOf('linear', 16, { weightVariance: 1e6, floor: 1e-9 }), kernel, ids(1)).strength;
      expect(retired.indexOf(Infinity)).toBe(retired.length - 1);
    }
  });
});

interface Hooks {
  readonly memory: { readonly buffer: ArrayBuffer };
  layout(batch: number, capacity: number, floorEntries: number): number;
  configure(kind: number, argument: number, ...rest: (number | boolean)[]): void;
  prefixPointer(): number;
  bufferPointer(): number;
  drawFor(low: number, high: number, n: number): number;
  energyOf(v: number, c: number): number;
}

const kinds = ['linear', 'leaky-relu(0.1)', 'hard-tanh', 'tanh', 'erf', 'sin', 'silu', 'gelu'];

function hooks(name: string, variant: KernelVariant): Hooks {
  const kernel = instantiate('annealed', {}, variant) as Hooks;
  kernel.layout(1, 1, 0);
  kernel.configure(kinds.indexOf(name), 0.1, 16, 1, 1, 0, 1, false, 0, 0);
  new Int32Array(kernel.memory.buffer, kernel.prefixPointer(), 4).set(lanePrefix(99, 0));
  return kernel;
}

describe.each(simd)('approximations of the annealed kernel (%s)', (variant) => {
  it.each(kinds)('give φ(√y)² to 1e-6 from y = 1e-40 to 1e6: %s', (name) => {
    const kernel = hooks(name, variant);
    const { phi, derivative, evenSquare } = activation(name);
    let worst = 0;
    for (let exponent = -40; exponent <= 6; exponent += 1 / 64) {
      for (const c of [1e-4, 0.37, 3, 80, ...(evenSquare ? [] : [-1e-4, -0.37, -3, -80])].map(Math.fround)) {
        const v = 10 ** exponent / Math.abs(c);
        const y = v * Math.abs(c);
        const exact = phi(Math.sign(c) * Math.sqrt(y)) ** 2;
        if (exact < 1e-36 * v) continue;
        // Near the zeros of the sine and where φ falls off exponentially, rounding y to float32 alone moves φ² by more than 1e-6.
        const x = Math.sign(c) * Math.sqrt(y);
        const sensitive = name === 'sin' || c < 0 ? Math.abs(x * phi(x) * derivative(x)) : 0;
        const allowed = 1e-6 * exact + 2 ** -22 * sensitive + (name === 'sin' ? 1e-13 * y : 0);
        worst = Math.max(worst, Math.abs(kernel.energyOf(v, c) - exact) / allowed);
      }
    }
    expect(worst).toBeLessThan(1);
  });
});

describe.each(simd)('random squares of the annealed kernel (%s)', (variant) => {
  // Seeded. Under a fresh seed each check has a false-alarm rate of 1e-4 (of a fifteenth, or a hundred-and-fifth of that in a family).
  it('are independent χ²₁ in every place, with fair signs', () => {
    const kernel = hooks('gelu', variant);
    const n = 40_000;
    const squares = new Float32Array(kernel.memory.buffer, kernel.bufferPointer(), 16);
    const places = Array.from({ length: 15 }, () => new Float64Array(n));
    for (let i = 0; i < n; i++) {
      kernel.drawFor(i, 0, 15);
      for (let k = 0; k < 15; k++) places[k]![i] = squares[k]!;
    }
    for (const [k, place] of places.entries()) {
      const sizes = place.map(Math.abs);
      expect(kolmogorov(sizes, (x) => gammainc(x / 2, 0.5))).toBeLessThan(2.8);
      const positive = place.reduce((sum, c) => sum + Number(c > 0), 0);
      expect(Math.abs(positive - n / 2) / Math.sqrt(n / 4)).toBeLessThan(4.6);
      for (let other = 0; other < k; other++) {
        // Ranks of |z| through its distribution function, then the signed values.
        const uniform = (x: number): number => gammainc(Math.abs(x) / 2, 0.5);
        expect(Math.abs(correlation(place.map(uniform), places[other]!.map(uniform)))).toBeLessThan(5);
        expect(Math.abs(correlation(place.map(Math.sign), places[other]!.map(Math.sign)))).toBeLessThan(5);
      }
      expect(Math.abs(correlation(sizes.subarray(1), sizes.subarray(0, n - 1)))).toBeLessThan(4.6);
    }
  });

  it('add up to those of the reference without bias, to 2e-8', () => {
    const kernel = hooks('tanh', variant);
    const group = new Float64Array(16);
    let mine = 0;
    let reference = 0;
    for (let i = 0; i < 400; i++) {
      mine += kernel.drawFor(i, 0, 2048);
      const squares = new Squares(lanePrefix(99, 0), i, 0);
      for (let first = 0; first < 2048; first += 16) {
        squares.draw(group, false, 16);
        for (const c of group) reference += c;
      }
    }
    expect(Math.abs(mine / reference - 1)).toBeLessThan(2e-8);
  });

  it('have χ² sums with the right tails, far out too', () => {
    const kernel = hooks('tanh', variant);
    const n = 200_000;
    const sums = Float64Array.from({ length: n }, (_, i) => kernel.drawFor(i, 1, 16));
    expect(kolmogorov(sums, (x) => gammainc(x / 2, 8))).toBeLessThan(KOLMOGOROV_1E4);
    for (const tail of [1e-3, 1e-4]) {
      let x = 16;
      while (gammainc(x / 2, 8, true, true) > tail) x += 0.01;
      const beyond = sums.reduce((count, s) => count + Number(s > x), 0);
      const expected = n * gammainc(x / 2, 8, true, true);
      expect(Math.abs(beyond - expected) / Math.sqrt(expected)).toBeLessThan(NORMAL_1E4);
    }
  });
});
