import { describe, expect, it } from 'vitest';
import {
  gaussHermite,
  gaussianPanels,
  gaussLegendre,
  gradedEdges,
  panelRule,
  type Rule,
} from '../../src/numeric/quadrature.ts';

const apply = ({ nodes, weights }: Rule, f: (x: number) => number): number =>
  nodes.reduce((sum, x, i) => sum + weights[i]! * f(x), 0);

describe('gaussLegendre(n)', () => {
  it('has the known nodes and weights for n = 2 and 3', () => {
    expect([...gaussLegendre(2).nodes]).toEqual([
      expect.closeTo(-Math.sqrt(1 / 3), 15),
      expect.closeTo(Math.sqrt(1 / 3), 15),
    ]);
    expect([...gaussLegendre(3).weights]).toEqual([5 / 9, 8 / 9, 5 / 9].map((w) => expect.closeTo(w, 15)));
  });

  it.each([1, 4, 12, 16, 33, 64])('integrates x^(2n−2) and x^(2n−1) exactly for n = %i', (n) => {
    expect(apply(gaussLegendre(n), (x) => x ** (2 * n - 2))).toBeCloseTo(2 / (2 * n - 1), 14);
    expect(Math.abs(apply(gaussLegendre(n), (x) => x ** (2 * n - 1)))).toBeLessThan(1e-15);
  });
});

describe('gaussHermite(n)', () => {
  it.each([1, 2, 5, 16, 32])('gives the Gaussian moments up to degree 2n − 1 for n = %i', (n) => {
    const rule = gaussHermite(n);
    let moment = 1;
    for (let k = 0; k < n; k++) {
      expect(Math.abs(apply(rule, (z) => z ** (2 * k)) / moment - 1)).toBeLessThan(1e-12);
      moment *= 2 * k + 1;
    }
  });

  it('is symmetric to the last bit', () => {
    const { nodes, weights } = gaussHermite(32);
    expect([...nodes].reverse().map((z) => -z)).toEqual([...nodes]);
    expect([...weights].reverse()).toEqual([...weights]);
  });
});

describe('gradedEdges(lower, upper, breaks, finest, coarsest)', () => {
  it('covers the interval, hits every break and grows away from it', () => {
    const edges = gradedEdges(-9, 9, [0, 2.5, 40], 0.01, 1.5);
    expect(edges[0]).toBe(-9);
    expect(edges.at(-1)).toBe(9);
    expect(edges).toContain(0);
    expect(edges).toContain(2.5);
    const widths = edges.slice(1).map((edge, i) => edge - edges[i]!);
    expect(Math.min(...widths)).toBeGreaterThan(0);
    expect(Math.max(...widths)).toBeLessThanOrEqual(1.25 * 1.5);
    expect(widths[edges.indexOf(0)]).toBeCloseTo(0.01, 12);
    expect(widths[edges.indexOf(2.5) - 1]).toBeCloseTo(0.01, 12);
  });

  it('takes uniform panels where there is no break', () => {
    expect(gradedEdges(0, 4, [], 0.01, 1)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('panelRule and gaussianPanels', () => {
  it('integrates √|x| through its kink', () => {
    const edges = gradedEdges(-1, 1, [0], 1e-12, 0.5);
    expect(apply(panelRule(edges, 12), (x) => Math.sqrt(Math.abs(x)))).toBeCloseTo(4 / 3, 13);
  });

  it('gives the mean of a step, of a cosine and of |z|', () => {
    const rule = gaussianPanels(gradedEdges(-9.5, 9.5, [0], 0.5, 1.5), 12);
    expect(apply(rule, (z) => (z > 0 ? 1 : 0))).toBeCloseTo(0.5, 15);
    expect(apply(rule, (z) => Math.cos(2 * z))).toBeCloseTo(Math.exp(-2), 14);
    expect(apply(rule, Math.abs)).toBeCloseTo(Math.sqrt(2 / Math.PI), 14);
  });
});
