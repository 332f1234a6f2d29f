import { expect, it } from 'vitest';
import { correlationDecayFigure, correlationDepthsFigure } from '../../src/report/correlation-figures.ts';

it('draws seventy thousand layers: a few hundred pieces of a line, fewer points, one range for all panels', () => {
  const layers = 70_000;
  const correlation_layer = [0.5, 1].flatMap((weight_variance) =>
    Array.from({ length: layers }, (_, layer) => ({
      weight_variance,
      bias_variance: 0,
      input_correlation: 0.5,
      layer,
      correlation: 0.5,
      correlation_error: 0.1,
      recursion: layer === 7 ? -0.25 : 0.5,
    })),
  );
  const { spec } = correlationDecayFigure({ correlation_layer });
  const panels = (spec as { concat: { layer: { data: { values: { layer: number }[] } }[] }[] }).concat;
  expect(panels).toHaveLength(2);
  for (const { layer } of panels) {
    const [line, , points] = layer.map(({ data }) => data.values.map((value) => value.layer));
    expect(line!.slice(0, 13)).toEqual(Array.from({ length: 13 }, (_, l) => l));
    expect(line!.length).toBeGreaterThan(350);
    expect(line!.length).toBeLessThan(450);
    expect(line!.at(-1)!).toBeGreaterThan(0.99 * layers);
    expect(points!.length).toBeLessThan(45);
  }
  expect(JSON.stringify(spec)).toContain('"domain":[-0.2875');
});

it('shows decay lengths and theory, wherever they lie, and no more of a divergence than leaves room for points', () => {
  const at = (weight_variance: number) => ({ weight_variance, bias_variance: 0.05 });
  const shown = (lengths: readonly number[], recursion: number, xi: (x: number) => number) => {
    const correlation_depth = lengths.map((decay_length, i) => ({
      ...at(1 + i / 2),
      input_correlation: 0.5,
      decay_length,
      decay_length_error: 0.1,
      decay_length_recursion: recursion,
    }));
    const meanfield = [1, 1.25, 1.5, 1.75, 2].map((x) => ({ ...at(x), c_star: 1, xi_c: xi(x) }));
    const text = JSON.stringify(correlationDepthsFigure({ correlation_depth, meanfield }).spec);
    const [low, high] = /"domain":\[([\d.]+),([\d.]+)\]/.exec(text)!.slice(1).map(Number);
    return { low: low!, high: high! };
  };
  const below = shown([20, 25], 3, () => 2.5);
  expect(below.low).toBeLessThan(2.5);
  const far = shown([20, 25], 20, () => 0.1);
  expect(far.low).toBeLessThan(0.1);
  const above = shown([2, 2.5], 2, (x) => 300 + x);
  expect(above.high).toBeGreaterThan(301);
  const diverging = shown([2, 2.5], 2, (x) => 2 / Math.abs(x - 1.5));
  expect(diverging.high).toBeGreaterThan(8);
  expect(diverging.high).toBeLessThan(60);
});
