import { describe, expect, it } from 'vitest';
import { asymmetryFigure } from '../../src/report/asymmetry-figure.ts';
import { collapseFigure } from '../../src/report/collapse-figure.ts';
import { correlationDecayFigure } from '../../src/report/correlation-figures.ts';
import { distributionCollapseFigure } from '../../src/report/distribution-collapse-figure.ts';
import { durationDistributionFigure, sizeDistributionFigure } from '../../src/report/distribution-figure.ts';
import type { Figure } from '../../src/report/figure.ts';
import { missingField } from '../../src/report/figure-fields.ts';
import { finiteSizeOverviewFigure, finiteSizeScalingFigure } from '../../src/report/finite-size-figure.ts';
import { logTicks } from '../../src/report/log-axis.ts';
import { phaseMapFigure } from '../../src/report/phase-figures.ts';
import { regimesFigure } from '../../src/report/regimes-figure.ts';
import { compileFigure, figureSvg } from '../../src/report/render.ts';
import { scalingFigure } from '../../src/report/scaling-figure.ts';
import { straightnessFigure } from '../../src/report/straightness-figure.ts';
import type { Row, Tables } from '../../src/report/table-row.ts';
import { universalityFigure } from '../../src/report/universality-figure.ts';
import { syntheticTables } from './synthetic.ts';

const tables = syntheticTables();

const cutoffs: Tables = {
  ...tables,
  cutoff_exponent: ['duration', 'driven_size'].map((observable) => ({
    observable,
    cutoff: 1.54,
    cutoff_error: 0.02,
    exponent: 1.34,
    exponent_error: 0.03,
  })),
  moment_scaling: ['duration', 'driven_size'].flatMap((observable) =>
    [1, 2, 3].map((moment) => ({ observable, moment, sigma: 1.5 * moment - 0.5, sigma_error: 0.2 })),
  ),
};

const regime: Row[] = [0.9, 1, 1.2].flatMap((weight_variance, ensemble) =>
  ['trace', 'mean', 'recursion'].flatMap((series) =>
    [0, 50, 100].map((layer) => ({
      ensemble,
      weight_variance,
      series,
      perturbation: 0,
      layer,
      strength: 0.01 * weight_variance ** (layer / 10),
    })),
  ),
);

const layers: Row[] = Array.from({ length: 24 }, (_, point) => point).flatMap((point) =>
  [0, 0.5].flatMap((input_correlation) =>
    [0, 10, 20].map((layer) => ({
      weight_variance: 1 + point / 10,
      bias_variance: 0.05,
      input_correlation,
      layer,
      correlation: input_correlation + layer / 50,
      correlation_error: 0.01,
      recursion: input_correlation + layer / 50,
    })),
  ),
);

const plane: Row[] = [1, 1.5, 2].flatMap((weight_variance) =>
  [0, 0.1, 0.2].map((bias_variance) => ({
    weight_variance,
    bias_variance,
    s_star: weight_variance,
    xi_c: 1 / bias_variance,
  })),
);

/** Universality classes of which two have the same exponents. */
const classes: Row[] = [
  { class: 'Brownian excursion', tau: 4 / 3, alpha: 1.5, gamma: 1.5 },
  { class: 'Barkhausen 2D long range', tau: 4 / 3, alpha: 1.5, gamma: 1.5 },
];

const figures: (() => Figure)[] = [
  () => sizeDistributionFigure(tables),
  () => durationDistributionFigure(tables),
  () => scalingFigure(tables),
  () => collapseFigure(tables),
  () => finiteSizeScalingFigure(tables),
  () => finiteSizeOverviewFigure(tables),
  () => straightnessFigure(tables),
  () => universalityFigure(tables, classes),
  () => distributionCollapseFigure(cutoffs),
  () => regimesFigure({ regime }),
  () => correlationDecayFigure({ correlation_layer: layers }),
  () => phaseMapFigure(plane),
];

const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]+)<\/(?:text|tspan)>/g)].map(([, text]) => text!);

/** Points across of one column of a journal, 8.6 cm, and of two, 17.8 cm. */
const [column, page] = [244, 505];

describe('in a journal', () => {
  it.each(figures.map((figure) => [figure().name, figure] as const))(
    'letters of %s have 6 points and more, at the width of a column or a page',
    async (_, figure) => {
      expect(missingField(figure().spec)).toBeUndefined();
      const svg = await figureSvg(figure());
      const width = Number(/\bwidth="([\d.]+)"/.exec(svg)?.[1]);
      const least = Math.min(...[...svg.matchAll(/font-size="([\d.]+)(?:px)?"/g)].map(([, size]) => Number(size)));
      expect((least * (width < 480 ? column : page)) / width).toBeGreaterThanOrEqual(6);
    },
  );

  it('short logarithmic axes have four labels at least', () => {
    for (const [low, high] of [
      [0.198, 0.462],
      [0.93, 1.04],
      [3, 9],
      [21, 34],
    ] as const) {
      const { majors, labels } = logTicks(low, high);
      expect(majors.length).toBeGreaterThanOrEqual(4);
      expect(majors.length).toBeLessThanOrEqual(11);
      expect(new Set(labels).size).toBe(labels.length);
      expect(majors.every((value) => value >= low && value <= high)).toBe(true);
    }
  });

  it('labels of a short logarithmic axis are of one style', () => {
    expect(logTicks(6e4, 1.5e5).labels).toEqual(['60000', '80000', '100000', '120000', '140000']);
    expect(logTicks(4e5, 3.2e6).labels).toEqual(['5·10⁵', '10⁶', '2·10⁶']);
    expect(logTicks(4e-4, 4e-3).labels).toEqual(['5·10⁻⁴', '10⁻³', '2·10⁻³']);
  });

  it('durations are of one wording, in layers, in steps of a process, and without a unit where none is known', () => {
    const words = (made: Figure) => JSON.stringify(made.spec).match(/(?:Avalanche d|D)uration D[^"]*/g);
    const asymmetry = [
      { ensemble: 0, duration: 8, asymmetry: 0.1, skewness: 0 },
      { ensemble: 0, duration: 90, asymmetry: 0, skewness: 0 },
    ];
    const process = { ensemble: [{ ensemble: 0, width: null, model: 'branching' }] };
    for (const made of [durationDistributionFigure, scalingFigure]) {
      expect(words(made(tables))).toEqual(['Avalanche duration D (layers)']);
      expect(words(made({ ...tables, ...process }))).toEqual(['Avalanche duration D (steps)']);
      expect(words(made({ ...tables, ensemble: [] }))).toEqual(['Avalanche duration D']);
    }
    expect(new Set(words(asymmetryFigure({ ...tables, asymmetry })))).toEqual(
      new Set(['Avalanche duration D (layers)']),
    );
  });

  it('sizes say what they are the sum of, without N where they have no such factor', () => {
    const title = (more: Row) =>
      /"title":"(Avalanche size[^"]*)"/.exec(
        JSON.stringify(
          sizeDistributionFigure({ ...tables, ensemble: tables.ensemble!.map((row) => ({ ...row, ...more })) }).spec,
        ),
      )?.[1];
    expect(title({})).toBe('Avalanche size S = N·Σ (s − θ)');
    expect(title({ model: 'resnet-18', engine: 'residual' })).toBe('Avalanche size S = Σ (s − θ)');
    expect(title({ model: 'mine.safetensors', engine: 'dense' })).toBe('Avalanche size S = N·Σ (s − θ)');
    expect(title({ width: null })).toBe('Avalanche size S = Σ (s − θ)');
  });

  it('points of few avalanches have bars of √n', () => {
    const bins = [1, 10, 100].map((lower, i) => ({
      ensemble: 0,
      observable: 'size',
      lower,
      upper: 10 * lower,
      center: 3 * lower,
      count: [10_000, 900, 9][i],
      density: 1 / lower ** 2,
    }));
    const { layer } = sizeDistributionFigure({ histogram: bins }).spec as {
      layer: { mark: { type: string }; data: { values: Row[] } }[];
    };
    const bars = layer.find(({ mark }) => mark.type === 'rule')!.data.values;
    expect(bars).toEqual([
      expect.objectContaining({ x: 300, low: expect.closeTo(2e-4 / 3, 9), high: expect.closeTo(4e-4 / 3, 9) }),
    ]);
  });

  it('the legend of regimes draws each curve as its panels do', () => {
    const legends = (compileFigure(regimesFigure({ regime })).vega.legends ?? []) as {
      stroke?: string;
      strokeDash?: string;
    }[];
    expect(legends).toHaveLength(1);
    expect(legends[0]).toMatchObject({ stroke: 'color', strokeDash: 'strokeDash' });
  });

  it('panels of a shape collapse stand in one grid, and their strengths begin at 0', () => {
    const { spec } = collapseFigure(tables) as unknown as { spec: { concat: object[]; columns: number } };
    expect([spec.concat.length, spec.columns]).toEqual([9, 3]);
    const { scales = [] } = compileFigure(collapseFigure(tables)).vega;
    const strengths = scales.filter(({ name }) => /^concat_[0134679]+_y$/.test(name ?? ''));
    expect(strengths).toHaveLength(6);
    for (const scale of strengths) expect(scale).toMatchObject({ zero: true });
    expect(JSON.stringify(spec)).not.toContain('curvature');
  });

  it('classes of the same exponents have a line and a label each', async () => {
    const svg = await figureSvg(universalityFigure(tables, classes));
    const places = classes.map(({ class: name }) =>
      new RegExp(`translate\\(([-\\d.]+),([-\\d.]+)\\)[^>]*>${name}<`).exec(svg)?.slice(1),
    );
    expect(places.every((place) => place !== undefined)).toBe(true);
    expect(Math.abs(Number(places[0]![1]) - Number(places[1]![1]))).toBeGreaterThan(14);
  });

  it('a collapse of whole distributions says of what it is, in what units, with plain exponents', async () => {
    const svg = await figureSvg(distributionCollapseFigure(cutoffs));
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining([
        'Durations: λ = 1.54(2), α = 1.34(3)',
        'Sizes: λ = 1.54(2), τ = 1.34(3)',
        'D / N^1.54',
        'S/S₀ / N^1.54, S₀ = √N·s₀',
      ]),
    );
    expect(svg).not.toMatch(/[⁰-⁹]·[⁰-⁹]/);
    const { spec } = distributionCollapseFigure(cutoffs) as unknown as {
      spec: { concat: { layer?: { mark: { type: string } }[] }[] };
    };
    expect(spec.concat[2]!.layer!.map(({ mark }) => mark.type)).toContain('rule');
  });
});
