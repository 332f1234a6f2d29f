import { parse, View } from 'vega';
import { describe, expect, it } from 'vitest';
import { explorable, signalsOf } from '../../src/page/explorable.ts';
import { nearest } from '../../src/page/nearest.ts';
import type { VegaSpec } from '../../src/page/vega-spec.ts';
import { cracklingFigure } from '../../src/report/crackling-figure.ts';
import { sizeDistributionFigure } from '../../src/report/distribution-figure.ts';
import { narrowSpec } from '../../src/report/narrow.ts';
import { compileFigure } from '../../src/report/render.ts';
import { syntheticTables } from '../report/synthetic.ts';

const tables = syntheticTables(5, 500);
const size = compileFigure(sizeDistributionFigure(tables)).vega as unknown as VegaSpec;
const whole = compileFigure(cracklingFigure(tables)).vega as unknown as VegaSpec;

async function viewed(spec: VegaSpec): Promise<View> {
  const view = new View(parse(spec as never), { renderer: 'none' });
  await view.runAsync();
  return view;
}

describe('explorable', () => {
  it('moves scales by a signal, and back', async () => {
    const { spec, positions } = explorable(size);
    expect(positions.map(({ name, channel, log }) => [name, channel, log])).toEqual([
      ['x', 'x', true],
      ['y', 'y', true],
    ]);
    const view = await viewed(spec);
    const made = view.scale('x').domain();
    await view.signal(signalsOf('x').domain, [1, 10]).runAsync();
    expect(view.scale('x').domain()).toEqual([1, 10]);
    await view.signal(signalsOf('x').domain, null).runAsync();
    expect(view.scale('x').domain()).toEqual(made);
  });

  it('makes a logarithmic scale linear, with ticks of its own', async () => {
    const view = await viewed(explorable(size, new Map([['x', false]])).spec);
    expect(view.scale('x').type).toBe('linear');
    expect(view.scale('y').type).toBe('log');
  });

  it('hides series by what their legend says, whatever exponent it quotes', async () => {
    const { spec, series } = explorable(whole);
    expect(series.slice(0, 3).map(({ name }) => name)).toEqual(['N = 128', 'N = 256', 'N = 512']);
    expect(series[0]!.entries.length).toBeGreaterThanOrEqual(2);
    const view = await viewed(spec);
    const names = (spec.data ?? []).map(({ name }) => name).filter((name) => name.includes('_shown_'));
    const count = (): number => names.reduce((sum, name) => sum + view.data(name).length, 0);
    const all = count();
    await view.signal('hidden_series', series[0]!.entries).runAsync();
    expect(count()).toBeLessThan(all);
    await view
      .signal(
        'hidden_series',
        series.flatMap(({ entries }) => entries),
      )
      .runAsync();
    expect(count()).toBe(0);
  });

  it('knows the panels of a figure of many, and what their points are called', () => {
    const { panels, fields } = explorable(whole);
    const found = [...panels.values()].filter(({ x, y }) => x !== undefined && y !== undefined);
    expect(found.length).toBeGreaterThanOrEqual(3);
    const labels = [...fields.values()].flat().map(({ label }) => label);
    expect(labels.some((label) => label.startsWith('Avalanche size'))).toBe(true);
  });
});

it('narrowSpec sets panels below each other', () => {
  const { spec } = cracklingFigure(tables);
  const narrow = narrowSpec(spec);
  expect(JSON.stringify(spec)).toContain('hconcat');
  expect(JSON.stringify(narrow)).not.toContain('hconcat');
  expect(compileFigure({ name: 'n', title: '', caption: '', spec: narrow }).warnings).toEqual([]);
});

it('nearest takes the nearest point in reach, else what covers the place', () => {
  const at = (x: number, y: number, half?: [number, number]) => ({
    x,
    y,
    mark: 'm',
    datum: {},
    ...(half === undefined ? {} : { half }),
  });
  const [a, b, cell] = [at(10, 10), at(14, 10), at(100, 100, [50, 50])];
  expect(nearest([a, b], 13, 10)).toBe(b);
  expect(nearest([a, b], 60, 60)).toBeUndefined();
  expect(nearest([cell, a], 60, 60)).toBe(cell);
});
