import { expect, it } from 'vitest';
import { correlationDecayFigure } from '../../src/report/correlation-figures.ts';

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
