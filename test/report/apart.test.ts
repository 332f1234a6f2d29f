import { expect, it } from 'vitest';
import { apart, isApart, roomBelow } from '../../src/report/apart.ts';
import { distributionPanel } from '../../src/report/distribution-figure.ts';
import { syntheticTables } from './synthetic.ts';

const series = (factor: number) => [1, 10, 100].map((x) => ({ x, y: factor / x }));

it('series that lie over each other are drawn apart, from four on; others stay where they are', () => {
  expect(apart([1, 1.1, 0.9, 1.2].map(series))).toEqual([0, 10, 20, 30]);
  expect(apart([1, 1.1, 0.9].map(series))).toEqual([0, 0, 0]);
  expect(apart([1, 3, 9, 27].map(series))).toEqual([0, 0, 0, 0]);
  expect(apart([1, 1.1, 0.9, 27].map(series))).toEqual([0, 10, 20, 30]);
});

it('an axis has room for what is drawn lower', () => {
  // 100 of 300 pixels: the two decades take the upper 200, a third one is below.
  const [low, high] = roomBelow([1, 100], 100, 300);
  expect([low, high]).toEqual([expect.closeTo(0.1, 9), 100]);
});

it('values stay as measured where points are drawn lower', () => {
  const tables = syntheticTables(3, 300);
  expect(isApart(distributionPanel(tables, 'duration'))).toBe(false);
  const histogram = tables.histogram!.filter(({ ensemble }) => ensemble === tables.histogram![0]!.ensemble);
  const copies = [0, 1, 2, 3].flatMap((ensemble) =>
    histogram.map((row) => ({ ...row, ensemble, width: 100 + ensemble })),
  );
  const panel = distributionPanel({ histogram: copies }, 'duration') as {
    layer: { mark: { type: string }; data: { values: { y: number; lower: number }[] } }[];
  };
  expect(isApart(panel)).toBe(true);
  const dots = panel.layer.find(({ mark }) => mark.type === 'point')!.data.values;
  const [first, last] = [0, 30].map((lower) => dots.filter((dot) => dot.lower === lower).map(({ y }) => y));
  expect(first!.length).toBeGreaterThan(3);
  expect(last).toEqual(first);
});
