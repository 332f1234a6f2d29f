import { describe, expect, it } from 'vitest';
import { activation } from '../../src/network/activation.ts';
import type { Figure } from '../../src/report/figure.ts';
import { meanFieldFigure } from '../../src/report/meanfield-figure.ts';
import { phaseMapFigure } from '../../src/report/phase-figures.ts';
import { cellEdges } from '../../src/report/phase-plane.ts';
import { phaseSectionsFigure } from '../../src/report/phase-sections-figure.ts';
import { regimesFigure } from '../../src/report/regimes-figure.ts';
import { compileFigure, figureSvg } from '../../src/report/render.ts';
import {
  lengthRecursion,
  meanFieldRow,
  meanFieldSweep,
  phaseCurveRow,
  phaseCurves,
} from '../../src/theory/meanfield.ts';

const tanh = activation('tanh');
const line = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
const grid = (n: number) => meanFieldSweep(tanh, line(0.5, 3, n), line(0, 0.5, n)).map(meanFieldRow);
const curves = phaseCurves(tanh, line(0, 0.5, 12)).map(phaseCurveRow);

/** All data values of a specification's layers. */
function valuesOf(figure: Figure): Record<string, unknown>[][] {
  const found: Record<string, unknown>[][] = [];
  JSON.stringify(figure.spec, (key, value) => {
    if (key === 'values' && Array.isArray(value) && typeof value[0] === 'object') found.push(value);
    return value as unknown;
  });
  return found;
}

describe('phaseMapFigure(rows, options)', () => {
  it('is a sound figure of three maps with the curves on each', async () => {
    const figure = phaseMapFigure(grid(12), { curves });
    expect(compileFigure(figure).warnings).toEqual([]);
    expect((figure.spec.concat as unknown[]).length).toBe(3);
    const svg = await figureSvg(figure);
    for (const text of ['edge of chaos, χ₁ = 1', 'Widom-like line', 'Signal strength s*']) expect(svg).toContain(text);
  });

  it('has all of the plane in every map, whatever is defined of it, and no variances below 0', () => {
    const rows = grid(6).map((row, i) => ({ ...row, measured: i === 7 ? 1 : null }));
    const quantities = ['s_star', 'measured'].map((column) => ({ column, title: column }));
    const domains = [...JSON.stringify(phaseMapFigure(rows, { quantities })).matchAll(/"domain":(\[[^\]]*\]),"nice"/g)];
    const [x, y] = domains.map(([, domain]) => domain);
    expect([x, y].map((domain) => JSON.parse(domain!))).toEqual(
      [
        [0.25, 3.25],
        [0, 0.55],
      ].map((ends) => ends.map((end) => expect.closeTo(end, 12) as number)),
    );
    expect(domains.filter(([, domain]) => domain === x)).toHaveLength(2);
    expect(domains.filter(([, domain]) => domain === y)).toHaveLength(2);
  });

  it('averages grids finer than the cells it may draw, and keeps the mean', () => {
    const rows = grid(30);
    const figure = phaseMapFigure(rows, { cells: 10, quantities: [{ column: 's_star', title: 's*' }] });
    const cells = valuesOf(figure)[0]!;
    expect(cells).toHaveLength(100);
    const mean = cells.reduce((sum, cell) => sum + Number(cell.value), 0) / 100;
    expect(mean).toBeCloseTo(rows.reduce((sum, row) => sum + Number(row.s_star), 0) / 900, 12);
  });

  it('clips what diverges to the last colour and leaves out what is not defined', () => {
    const rows = meanFieldSweep(tanh, [0.5, 1, 1.5], [0, 0.1]).map(meanFieldRow);
    const cells = valuesOf(phaseMapFigure(rows, { quantities: [{ column: 'xi_c', title: 'ξ_c', log: true }] }))[0]!;
    expect(cells).toHaveLength(6);
    expect(cells.every((cell) => Number.isFinite(cell.value))).toBe(true);
    expect(valuesOf(phaseMapFigure(rows, { quantities: [{ column: 'c_star', title: 'c*' }] }))[0]).toHaveLength(4);
  });

  it('says so where there is nothing to draw', () => {
    expect(phaseMapFigure([]).caption).toContain('No map to draw');
  });
});

describe('phaseSectionsFigure(rows)', () => {
  const rows = [0, 0.1].flatMap((bias_variance) =>
    meanFieldSweep(tanh, [0.5, 1.2, 1.5, 2], [bias_variance]).map((point) => ({
      ...meanFieldRow(point),
      width: 300,
      strength: point.sStar,
      strength_error: 0.01,
      susceptibility: point.chiWeightVariance,
      susceptibility_error: 0.01,
      size_susceptibility: 500 * 300 * point.chiWeightVariance,
      size_susceptibility_error: 100,
    })),
  );

  it('draws strength, susceptibility and the susceptibility of the mean size, points clear of the frame', async () => {
    const figure = phaseSectionsFigure(rows);
    expect(compileFigure(figure).warnings).toEqual([]);
    const svg = await figureSvg(figure);
    for (const text of ['Signal strength s*', 'Susceptibility ∂s*/∂σw²', 'Size susceptibility d⟨S⟩/dσw²', 'σb² = 0.1'])
      expect(svg).toContain(text);
    const panels = figure.spec.concat as {
      encoding: { x: { scale: { padding: number } } };
      layer: { mark: { size?: number } }[];
    }[];
    for (const { encoding, layer } of panels) {
      const radius = Math.sqrt(layer.at(-1)!.mark.size! / Math.PI);
      expect(encoding.x.scale.padding).toBeGreaterThan(radius);
    }
  });

  it('leaves the size out where tables have none of it', () => {
    const older = rows.map(({ size_susceptibility: _, ...row }) => row);
    expect(phaseSectionsFigure(older).spec.concat as unknown[]).toHaveLength(2);
  });
});

describe('cellEdges(values)', () => {
  it('puts edges half-way, also on uneven grids', () => {
    expect(cellEdges([1, 2, 4])).toEqual([0.5, 1.5, 3, 5]);
    expect(cellEdges([2])).toEqual([1, 3]);
  });
});

describe('meanFieldFigure(rows, curves)', () => {
  it('chooses a sweep, a map or the plane, each sound', () => {
    const sweep = meanFieldFigure(meanFieldSweep(tanh, line(0.5, 2, 20), [0, 0.1]).map(meanFieldRow), []);
    const across = meanFieldFigure(meanFieldSweep(tanh, [1, 2], line(0, 1, 20)).map(meanFieldRow), []);
    const map = meanFieldFigure(grid(9), curves);
    const plane = meanFieldFigure([], curves);
    for (const figure of [sweep, across, map, plane]) expect(compileFigure(figure).warnings).toEqual([]);
    expect([sweep, map, plane].map((figure) => figure.name)).toEqual(['meanfield', 'meanfield', 'phase-curves']);
    expect(JSON.stringify(across.spec)).toContain('σw² = 2');
    expect(meanFieldFigure([], []).caption).toContain('No curve to draw');
  });
});

describe('regimes(tables)', () => {
  const regime = [0.9, 1, 1.2].flatMap((weightVariance, ensemble) =>
    [...lengthRecursion(tanh, { weightVariance, biasVariance: 0 }, 0.01, 50)].flatMap((q, layer) => {
      const row = { ensemble, width: 64, weight_variance: weightVariance, bias_variance: 0, layer };
      const trace = (perturbation: number, factor: number) => ({
        ...row,
        series: 'trace',
        perturbation,
        strength: factor * Math.sqrt(q),
      });
      return [
        trace(0, 0.5),
        trace(1, 1.5),
        { ...row, series: 'mean', strength: 1.1 * Math.sqrt(q), strength_error: 0.1 },
        { ...row, series: 'recursion', strength: Math.sqrt(q) },
      ];
    }),
  );

  it('draws traces, their root mean square and the recursion, one panel an ensemble', async () => {
    const figure = regimesFigure({ regime });
    expect(compileFigure(figure).warnings).toEqual([]);
    const panels = valuesOf(figure);
    expect(panels).toHaveLength(9);
    const of = (kind: string) =>
      panels
        .slice(0, 3)
        .flat()
        .filter((point) => point.kind === kind);
    expect(of('single networks')).toHaveLength(2 * 51);
    expect(of('mean-field recursion')).toHaveLength(51);
    const ratio = Number(of('root mean square')[7]!.strength) / Number(of('mean-field recursion')[7]!.strength);
    expect(ratio).toBeCloseTo(1.1, 12);
    expect(await figureSvg(figure)).toContain('σw² = 0.9');
  });

  it('thins long traces out and draws as many as are asked for', () => {
    const drawn = valuesOf(regimesFigure({ regime }, { traces: 1, points: 10 }))[0]!;
    expect(new Set(drawn.map((point) => point.trace)).size).toBe(1);
    expect(drawn.length).toBeLessThanOrEqual(11);
    expect(drawn.at(-1)!.layer).toBe(50);
  });

  it('says so where there are no traces', () => {
    expect(regimesFigure({}).caption).toContain('No traces to draw');
  });
});
