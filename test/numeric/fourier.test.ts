import { describe, expect, it } from 'vitest';
import { Fourier } from '../../src/numeric/fourier.ts';
import { createStream } from '../../src/numeric/random.ts';

function series(n: number): { re: Float64Array; im: Float64Array } {
  const stream = createStream(5, n);
  return {
    re: Float64Array.from({ length: n }, () => stream.normal()),
    im: Float64Array.from({ length: n }, () => stream.normal()),
  };
}

describe('Fourier', () => {
  it('is the sum that defines it, at lengths that are powers of two, primes and products', () => {
    for (const n of [1, 2, 3, 8, 31, 60, 64, 158]) {
      const { re, im } = series(n);
      const [x, y] = [re.slice(), im.slice()];
      new Fourier(n).forward(x, y);
      for (let k = 0; k < n; k++) {
        let [a, b] = [0, 0];
        for (let j = 0; j < n; j++) {
          const angle = (-2 * Math.PI * ((j * k) % n)) / n;
          a += re[j]! * Math.cos(angle) - im[j]! * Math.sin(angle);
          b += re[j]! * Math.sin(angle) + im[j]! * Math.cos(angle);
        }
        expect(Math.hypot(x[k]! - a, y[k]! - b)).toBeLessThan(1e-11 * n);
      }
    }
  });

  it('comes back, also where the length is long and no power of two', () => {
    for (const n of [1024, 100_003]) {
      const { re, im } = series(n);
      const [x, y] = [re.slice(), im.slice()];
      const fourier = new Fourier(n);
      fourier.forward(x, y);
      fourier.inverse(x, y);
      let worst = 0;
      for (let j = 0; j < n; j++) worst = Math.max(worst, Math.hypot(x[j]! - re[j]!, y[j]! - im[j]!));
      expect(worst).toBeLessThan(1e-11);
    }
  });

  it('refuses a length that is none', () => {
    expect(() => new Fourier(0)).toThrow('a Fourier transform takes 1 to 2^26 values, got 0');
  });
});
