import { describe, expect, it } from 'vitest';
import { binPoints } from '../../src/report/distribution-figure.ts';
import { textWidth } from '../../src/report/glyph-width.ts';
import { logChannel, positiveExtent, superscript } from '../../src/report/log-axis.ts';
import { modelCurve } from '../../src/report/model-curve.ts';
import { seriesColors } from '../../src/report/theme.ts';

describe('textWidth', () => {
  // DejaVu Sans 2.37: 2048 units an em; advances 1303 (digits), 651 (space), 1401 (A); bold digits 1425.
  it('adds the advances of the font', () => {
    expect(textWidth('10', 2048)).toBe(2606);
    expect(textWidth('A 1', 2048)).toBe(1401 + 651 + 1303);
    expect(textWidth('1', 2048, true)).toBe(1425);
    expect(textWidth('', 12)).toBe(0);
  });

  it('knows the Greek letters, superscripts and brackets of the figures', () => {
    const missing = textWidth('\u{e000}', 2048);
    for (const character of 'τασγδχμ⟨⟩⁰¹²³⁴⁵⁶⁷⁸⁹⁻√·−≥→ᵞ') expect(textWidth(character, 2048)).not.toBe(missing);
  });
});

describe('logChannel', () => {
  it('labels decades as powers of ten and skips some where there are many', () => {
    const axis = JSON.stringify(logChannel('S', [1, 1e4]).axis.labelExpr);
    for (const label of ['10⁰', '10¹', '10²', '10³', '10⁴']) expect(axis).toContain(label);
    const many = JSON.stringify(logChannel('S', [1e-20, 1e20]).axis.labelExpr);
    expect(many.match(/10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g)?.length).toBeLessThanOrEqual(8);
  });

  it('labels a short range in plain numbers', () => {
    expect(String(logChannel('S', [1, 3]).axis.labelExpr)).toContain('"2"');
  });

  it('keeps the data inside its domain, and a single value in the middle', () => {
    const { domain } = logChannel('S', [5, 5]).scale as { domain: [number, number] };
    expect(domain[0] * domain[1]).toBeCloseTo(25, 9);
    expect(domain[0]).toBeLessThan(5);
  });

  it('superscript writes every digit and the sign', () => {
    expect(superscript(-1234567890)).toBe('⁻¹²³⁴⁵⁶⁷⁸⁹⁰');
  });

  it('positiveExtent passes over what a logarithm can’t take', () => {
    expect(positiveExtent([0, -1, Number.NaN, 3, 2, Number.POSITIVE_INFINITY])).toEqual([2, 3]);
    expect(positiveExtent([0])).toBeUndefined();
  });
});

describe('binPoints', () => {
  it('merges fine bins without losing probability', () => {
    const edges = Array.from({ length: 501 }, (_, i) => 1000 ** (i / 500));
    const rows = edges.slice(1).map((upper, i) => {
      const lower = edges[i] ?? 1;
      return { lower, upper, center: Math.sqrt(lower * upper), count: 10n, density: 1 / (500 * (upper - lower)) };
    });
    const points = binPoints(rows);
    expect(points.length).toBeLessThan(80);
    expect(points.reduce((sum, point) => sum + point.count, 0)).toBe(5000);
    // The density is ∝ 1/x; a merged point at the geometric middle lies on it to second order in ln(bin ratio).
    for (const { x, y } of points) expect(x * y).toBeCloseTo(1 / Math.log(1000), 2);
  });

  it('puts bins of integers at the integers they hold', () => {
    const row = (lower: number, upper: number) => ({
      lower,
      upper,
      center: Math.sqrt(lower * upper),
      count: 5,
      density: 0.1,
    });
    expect(binPoints([row(1, 2), row(8, 10)], 1, true).map((point) => point.x)).toEqual([1, Math.sqrt(72)]);
  });

  it('changes variables with the Jacobian: S → S/c has c times the density', () => {
    const [point] = binPoints([{ lower: 3, upper: 5, center: 4, count: 2, density: 0.5 }], 0.25);
    expect(point).toEqual({ x: 1, y: 2, count: 2 });
  });
});

describe('modelCurve', () => {
  const at = (points: { x: number; density: number; ccdf: number }[], x: number) =>
    points.reduce((a, b) => (Math.abs(Math.log(b.x / x)) < Math.abs(Math.log(a.x / x)) ? b : a));

  it('is the Pareto law for a power law, bounded or not', () => {
    const open = modelCurve(
      { model: 'power_law', parameters: { exponent: 1.5 }, xmin: 2, xmax: Infinity, discrete: false },
      1e4,
    );
    for (const x of [2, 10, 300, 9000]) {
      const point = at(open, x);
      expect(point.ccdf / (point.x / 2) ** -0.5).toBeCloseTo(1, 4);
      expect(point.density / (0.25 * (point.x / 2) ** -1.5)).toBeCloseTo(1, 4);
    }
    const bounded = modelCurve(
      { model: 'power_law', parameters: { exponent: 0.8 }, xmin: 1, xmax: 1000, discrete: false },
      1e9,
    );
    const point = at(bounded, 30);
    expect(point.ccdf).toBeCloseTo((1000 ** 0.2 - point.x ** 0.2) / (1000 ** 0.2 - 1), 4);
    expect(bounded.at(-1)?.x).toBeLessThanOrEqual(1000);
  });

  it('is the zeta law for integers', () => {
    const points = modelCurve(
      { model: 'power_law', parameters: { exponent: 2 }, xmin: 1, xmax: Infinity, discrete: true },
      1e5,
    );
    expect(points[0]?.density).toBeCloseTo(6 / Math.PI ** 2, 5);
    expect(points[1]?.ccdf).toBeCloseTo(1 - 6 / Math.PI ** 2, 5);
    expect(points[2]?.density).toBeCloseTo(6 / Math.PI ** 2 / 9, 6);
  });

  it('is the closed form for the other families', () => {
    const exponential = modelCurve(
      { model: 'exponential', parameters: { lambda: 0.5 }, xmin: 1, xmax: Infinity, discrete: false },
      50,
    );
    const e = at(exponential, 7);
    expect(e.ccdf / Math.exp(-0.5 * (e.x - 1))).toBeCloseTo(1, 4);
    const stretched = modelCurve(
      {
        model: 'stretched_exponential',
        parameters: { log_lambda: Math.log(2), beta: 0.4 },
        xmin: 1,
        xmax: Infinity,
        discrete: false,
      },
      1e3,
    );
    const s = at(stretched, 40);
    expect(s.ccdf / Math.exp(2 ** 0.4 - (2 * s.x) ** 0.4)).toBeCloseTo(1, 4);
    // Median of a lognormal that is hardly cut: exp(mu).
    const lognormal = modelCurve(
      { model: 'lognormal', parameters: { mu: 3, sigma: 0.5 }, xmin: 0.1, xmax: Infinity, discrete: false },
      1e3,
    );
    expect(at(lognormal, Math.exp(3)).ccdf).toBeCloseTo(0.5, 2);
  });

  it('draws a degenerate lognormal as the power law that it ran to', () => {
    const shared = { xmin: 1, xmax: Infinity, discrete: false };
    const limit = modelCurve(
      { model: 'lognormal', parameters: { mu: -Infinity, sigma: Infinity, exponent: 2 }, ...shared },
      100,
    );
    expect(limit).toEqual(modelCurve({ model: 'power_law', parameters: { exponent: 2 }, ...shared }, 100));
  });

  it('is empty where there is no such law', () => {
    const shared = { xmin: 1, xmax: Infinity, discrete: false };
    expect(modelCurve({ model: 'power_law', parameters: { exponent: 0.9 }, ...shared }, 100)).toEqual([]);
    expect(modelCurve({ model: 'lognormal', parameters: { mu: 1 }, ...shared }, 100)).toEqual([]);
    expect(modelCurve({ model: 'cauchy', parameters: {}, ...shared }, 100)).toEqual([]);
  });
});

describe('seriesColors', () => {
  it('are distinct for up to 40 series', () => {
    for (const count of [1, 7, 8, 40]) {
      const colors = seriesColors(count);
      expect(new Set(colors).size).toBe(count);
      for (const color of colors) expect(color).toMatch(/^#[0-9a-fA-F]{6}$/);
    }
  });
});
