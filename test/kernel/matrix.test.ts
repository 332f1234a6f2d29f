import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matmul, matrixArena } from '../../src/kernel/matrix.ts';
import { activation } from '../../src/network/activation.ts';
import { createStream } from '../../src/numeric/random.ts';

const size = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(31, 64, 65, 130, 257, 300, 520));

/** op(a)·op(b) in float64, and the sum of |terms| that bounds its float32 error. */
function reference(a: Float32Array, b: Float32Array, m: number, k: number, n: number, ta: boolean, tb: boolean) {
  const out = new Float64Array(m * n);
  const bound = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let l = 0; l < k; l++) {
        const term = a[ta ? l * m + i : i * k + l]! * b[tb ? j * k + l : l * n + j]!;
        out[i * n + j]! += term;
        bound[i * n + j]! += Math.abs(term);
      }
    }
  }
  return { out, bound };
}

describe('matmul(a, b, out, m, k, n, { transposeA, transposeB })', () => {
  test('is the product of any shapes, transposed or not, to float32', () => {
    const stream = createStream(1);
    const numbers = (length: number) => new Float32Array(length).map(() => stream.normal());
    fc.assert(
      fc.property(size, size, size, fc.boolean(), fc.boolean(), (m, k, n, ta, tb) => {
        if (m * k * n > 1e7) return;
        const [a, b] = [numbers(m * k), numbers(k * n)];
        const out = new Float32Array(m * n + 3).fill(7);
        matmul(a, b, out, m, k, n, { transposeA: ta, transposeB: tb });
        const expected = reference(a, b, m, k, n, ta, tb);
        // Sums of k terms in float32: error ≤ k·2^-24 of the sum of |terms|; random walks stay well below √k·2^-24·4.
        const unit = (4 * Math.sqrt(k) + 4) * 2 ** -24;
        const wrong = expected.out.findIndex((v, i) => !(Math.abs(out[i]! - v) <= unit * expected.bound[i]!));
        expect(wrong).toBe(-1);
        expect([...out.subarray(m * n)]).toEqual([7, 7, 7]);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test('refuses arrays that are too short', () => {
    expect(() => matmul(new Float32Array(5), new Float32Array(6), new Float32Array(4), 2, 3, 2)).toThrow(
      'matmul of 2 × 3 by 3 × 2 got arrays of 5, 6 and 4 floats',
    );
  });
});

describe('matrixArena', () => {
  test('accumulates where told', () => {
    const arena = matrixArena([4, 4, 4]);
    const [a, b, c] = [arena.array(4), arena.array(4), arena.array(4)];
    a.set([1, 2, 3, 4]);
    b.set([1, 0, 0, 1]);
    arena.matmul(a, b, c, 2, 2, 2);
    arena.matmul(a, b, c, 2, 2, 2, { transposeA: true, accumulate: true });
    expect([...c]).toEqual([2, 5, 5, 8]);
  });

  test('keeps to its room and to its own arrays', () => {
    const arena = matrixArena([100]);
    expect(() => arena.array(1e6)).toThrow(RangeError);
    expect(() => arena.scale(new Float32Array(3), 2)).toThrow('a matrix must come from the array() of the same arena');
  });

  test('strengths, rows and scales of odd lengths', () => {
    const arena = matrixArena([15, 5, 3]);
    const [x, row, out] = [arena.array(15), arena.array(5), arena.array(3)];
    x.set(Array.from({ length: 15 }, (_, i) => i));
    row.set([1, 1, 1, 1, -4]);
    arena.scale(x, 2);
    arena.addRow(x, row, 3, 5);
    arena.strengths(x, 3, 5, out);
    const values = Array.from({ length: 15 }, (_, i) => 2 * i + [1, 1, 1, 1, -4][i % 5]!);
    expect([...x]).toEqual(values);
    for (let r = 0; r < 3; r++) {
      const squares = values.slice(5 * r, 5 * r + 5).reduce((sum, v) => sum + v * v, 0);
      expect(out[r]).toBeCloseTo(Math.sqrt(squares / 5), 5);
    }
    x.fill(1e-30);
    arena.strengths(x, 3, 5, out);
    expect(out[1]! / 1e-30).toBeCloseTo(1, 6);
  });

  test.each(['tanh', 'erf', 'relu', 'leaky-relu(0.3)', 'hard-tanh', 'sin', 'silu', 'gelu', 'linear'])(
    'activate: %s to 1e-6 of float64, from 1e-30 to 100',
    (name) => {
      const values = [0, ...Array.from({ length: 1601 }, (_, i) => 10 ** (-30 + i / 50))].flatMap((v) => [v, -v]);
      const arena = matrixArena([values.length, values.length]);
      const [x, out] = [arena.array(values.length), arena.array(values.length)];
      x.set(values);
      const phi = activation(name);
      arena.activate(phi, x, out);
      for (const [i, v] of x.entries()) {
        // gelu and silu of large negative x are differences: absolute error there.
        const scale = name === 'gelu' || name === 'silu' ? Math.abs(v) : name === 'sin' ? Math.min(1, Math.abs(v)) : 0;
        expect(Math.abs(out[i]! - phi.phi(v))).toBeLessThanOrEqual(1e-6 * Math.max(scale, Math.abs(phi.phi(v))));
      }
      arena.activate({ name: 'of-the-user', phi: (v) => v / 2 + 1 }, x, out);
      expect(out[100]).toBe(Math.fround(x[100]! / 2 + 1));
    },
  );
});
