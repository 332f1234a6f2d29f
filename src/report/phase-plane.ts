import { numberOf, type Row, textOf } from './table-row.ts';
import { ink } from './theme.ts';

/** Position channels of the (σw², σb²) plane. */
export interface PlaneChannels {
  /** Largest σw² in the picture. */
  readonly weightMost: number;
  readonly x: Record<string, unknown>;
  readonly y: Record<string, unknown>;
}

type Extent = readonly [number, number];

/** Channels of the plane over the given extents of σw² and σb². */
export function planeChannels(weight: Extent, bias: Extent): PlaneChannels {
  const channel = (title: string, domain: Extent): Record<string, unknown> => ({
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: { title, grid: false },
  });
  return { weightMost: weight[1], x: channel('Weight variance σw²', weight), y: channel('Bias variance σb²', bias) };
}

/** Sorted distinct values. */
export const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** Edges half-way between sorted grid values, one more than values, so that cells of an uneven grid touch. */
export function cellEdges(values: readonly number[]): number[] {
  const first = values[0] ?? 0;
  const last = values.at(-1) ?? 1;
  if (values.length < 2) return [first - (Math.abs(first) / 2 || 0.5), first + (Math.abs(first) / 2 || 0.5)];
  const inner = values.slice(1).map((value, i) => (value + Number(values[i])) / 2);
  return [first - (Number(inner[0]) - first), ...inner, last + (last - Number(inner.at(-1)))];
}

const curveTexts: Record<string, string> = {
  'edge-of-chaos': 'edge of chaos, χ₁ = 1',
  'widom-weight-variance': 'Widom-like line, max ∂s*/∂σw²',
  'widom-weight-deviation': 'max ∂s*/∂σw',
};
const dashes: readonly number[][] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/**
 * Curves of the plane as layers, light on a dark seam so that they show on any colour.
 * @param rows of the `phase_curve` table: curve, weight_variance, bias_variance
 * @param seam false for dark lines on white
 */
export function curveLayers(
  rows: readonly Row[],
  { x, y, weightMost }: PlaneChannels,
  seam = true,
): Record<string, unknown>[] {
  const reach = 2 * weightMost;
  const values = rows
    .map((row) => ({
      weight: numberOf(row, 'weight_variance'),
      bias: numberOf(row, 'bias_variance'),
      curve: curveTexts[textOf(row, 'curve')] ?? textOf(row, 'curve'),
    }))
    // A dashed path that runs far out of the picture is dropped by some renderers.
    .filter(({ weight, bias }) => weight <= reach && Number.isFinite(bias))
    .sort((a, b) => a.bias - b.bias);
  const names = [...new Set(rows.map((row) => curveTexts[textOf(row, 'curve')] ?? textOf(row, 'curve')))];
  if (values.length === 0) return [];
  const line = (stroke: string, strokeWidth: number): Record<string, unknown> => ({
    data: { values },
    mark: { type: 'line', stroke, strokeWidth, clip: true },
    encoding: {
      x: { ...x, field: 'weight' },
      y: { ...y, field: 'bias' },
      order: { field: 'bias', type: 'quantitative' },
      strokeDash: {
        field: 'curve',
        type: 'nominal',
        scale: { domain: names, range: names.map((_, i) => dashes[i % dashes.length]) },
        legend: {
          title: null,
          orient: 'bottom',
          direction: 'vertical',
          symbolType: 'stroke',
          symbolStrokeColor: ink,
          symbolSize: 260,
        },
      },
    },
  });
  return seam ? [line(ink, 3.8), line('#ffffff', 1.9)] : [line(ink, 1.8)];
}
