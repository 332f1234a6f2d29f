import { describe, expect, it } from 'vitest';
import { Fourier } from '../../src/numeric/fourier.ts';
import { createStream } from '../../src/numeric/random.ts';
import { surrogateKinds } from '../../src/surrogate/kinds.ts';
import { type LayeredSignals, layeredSurrogate } from '../../src/surrogate/layered.ts';

const depth = 12;
const key = { seed: 3, ensemble: 1, block: 0 };

/** exp of an autoregressive process whose mean grows: skewed values, correlated layers, means and spreads of their own. */
function skewed(traces: number): LayeredSignals {
  const strength = new Float32Array(traces * depth);
  for (let i = 0; i < traces; i++) {
    const stream = createStream(11, i);
    let x = stream.normal();
    for (let l = 0; l < depth; l++) {
      x = 0.8 * x + 0.6 * stream.normal();
      strength[l * traces + i] = 5 + l + (1 + l / 6) * Math.exp(0.7 * x);
    }
  }
  return { traces, depth, strength };
}

function drawn(kind: (typeof surrogateKinds)[number], signals: LayeredSignals, count: number): LayeredSignals {
  const trace = layeredSurrogate(kind, signals, key);
  const strength = new Float32Array(count * depth);
  for (let i = 0; i < count; i++) {
    const at = trace(i);
    for (let l = 0; l < depth; l++) strength[l * count + i] = at(l + 1);
  }
  return { traces: count, depth, strength };
}

function statistics({ traces, strength }: LayeredSignals) {
  const row = (l: number) => strength.subarray(l * traces, (l + 1) * traces);
  const mean = Array.from({ length: depth }, (_, l) => row(l).reduce((sum, x) => sum + x, 0) / traces);
  const covariance = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < traces; i++) sum += (row(a)[i]! - mean[a]!) * (row(b)[i]! - mean[b]!);
    return sum / (traces - 1);
  };
  const skewness = (l: number): number =>
    row(l).reduce((sum, x) => sum + (x - mean[l]!) ** 3, 0) / traces / covariance(l, l) ** 1.5;
  return { mean, covariance, skewness };
}

describe('layeredSurrogate', () => {
  // 12 means and 78 covariances, each within 4.5 standard errors: false alarm 1 in 1500 (seeded).
  it('gaussian: has the mean and covariance of the layers, and no skewness', () => {
    const signals = skewed(400);
    const n = 20_000;
    const [was, is] = [statistics(signals), statistics(drawn('gaussian', signals, n))];
    expect(was.skewness(5)).toBeGreaterThan(1);
    for (let a = 0; a < depth; a++) {
      const spread = was.covariance(a, a);
      expect(Math.abs(is.mean[a]! - was.mean[a]!)).toBeLessThan(4.5 * Math.sqrt(spread / n));
      expect(Math.abs(is.skewness(a))).toBeLessThan(4.5 * Math.sqrt(6 / n));
      for (let b = 0; b <= a; b++) {
        const error = Math.sqrt((spread * was.covariance(b, b) + was.covariance(a, b) ** 2) / n);
        expect(Math.abs(is.covariance(a, b) - was.covariance(a, b))).toBeLessThan(4.5 * error);
      }
    }
  });

  it('phase: leaves the spectrum of every standardised trace, and changes the trace', () => {
    const signals = skewed(64);
    const made = drawn('phase', signals, 64);
    const { mean, covariance } = statistics(signals);
    const fourier = new Fourier(depth);
    const spectrum = ({ strength }: LayeredSignals, i: number): number[] => {
      const re = Float64Array.from({ length: depth }, (_, l) => {
        return (strength[l * 64 + i]! - mean[l]!) / Math.sqrt(covariance(l, l));
      });
      const im = new Float64Array(depth);
      fourier.forward(re, im);
      return Array.from(re, (x, k) => Math.hypot(x, im[k]!));
    };
    for (let i = 0; i < 64; i++) {
      const was = spectrum(signals, i);
      const apart = spectrum(made, i).map((amplitude, k) => Math.abs(amplitude - was[k]!));
      expect(Math.max(...apart)).toBeLessThan(1e-4);
      expect(Math.abs(made.strength[i]! - signals.strength[i]!)).toBeGreaterThan(1e-6);
    }
  });

  // Correlations of neighbouring layers within 4.5/√n of 0: false alarm 1 in 13,000 (seeded).
  it('shuffle: has the same values in every layer, and no correlation between layers', () => {
    const signals = skewed(2000);
    const made = drawn('shuffle', signals, 2000);
    const [was, is] = [statistics(signals), statistics(made)];
    for (let l = 0; l < depth; l++) {
      const sorted = ({ strength }: LayeredSignals) => strength.slice(l * 2000, (l + 1) * 2000).sort();
      expect(sorted(made)).toEqual(sorted(signals));
      if (l === 0) continue;
      const scale = Math.sqrt(was.covariance(l, l) * was.covariance(l - 1, l - 1));
      expect(was.covariance(l, l - 1) / scale).toBeGreaterThan(0.5);
      expect(Math.abs(is.covariance(l, l - 1)) / scale).toBeLessThan(4.5 / Math.sqrt(2000));
    }
  });

  it('gives the same traces whatever else is drawn, other ones for another block', () => {
    const signals = skewed(50);
    for (const kind of surrogateKinds) {
      const all = layeredSurrogate(kind, signals, key);
      for (let i = 0; i < 7; i++) all(i);
      const again = layeredSurrogate(kind, signals, key)(7);
      const seventh = all(7);
      const layers = Array.from({ length: depth }, (_, l) => l + 1);
      const values = layers.map(again);
      expect(layers.map(seventh)).toEqual(values);
      expect(layers.map(layeredSurrogate(kind, signals, { ...key, block: 1 })(7))).not.toEqual(values);
    }
  });

  it('keeps spreads far below the mean', () => {
    const strength = Float32Array.from({ length: 64 }, (_, i) => 1000 + (i % 2) * 1e-3);
    const made = layeredSurrogate('gaussian', { traces: 32, depth: 2, strength }, key);
    const values = Array.from({ length: 200 }, (_, i) => made(i)(1) - 1000.0005);
    const sd = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / 200);
    expect(sd).toBeGreaterThan(3e-4);
    expect(sd).toBeLessThan(8e-4);
  });

  it('needs at least two perturbations', () => {
    expect(() => layeredSurrogate('phase', { traces: 1, depth: 2, strength: new Float32Array(2) }, key)).toThrow(
      'at least 2 perturbations, got 1',
    );
  });
});
