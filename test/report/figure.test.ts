import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/error.ts';
import { accuracyMapFigure } from '../../src/report/accuracy-map-figure.ts';
import { calibrationFigure } from '../../src/report/calibration-figure.ts';
import { collapseFigure } from '../../src/report/collapse-figure.ts';
import { durationDistributionFigure, sizeDistributionFigure } from '../../src/report/distribution-figure.ts';
import type { Figure } from '../../src/report/figure.ts';
import { missingField } from '../../src/report/figure-fields.ts';
import { finiteSizeOverviewFigure, finiteSizeScalingFigure } from '../../src/report/finite-size-figure.ts';
import { fitFigure } from '../../src/report/fit-figure.ts';
import { fontFiles } from '../../src/report/glyph-width.ts';
import { knownExponentsFigure } from '../../src/report/known-exponents-figure.ts';
import { accuracyPerEpochFigure, epochsToAccuracyFigure } from '../../src/report/learning-curve-figures.ts';
import { svgToPng } from '../../src/report/png.ts';
import { compileFigure, figureSvg, renderFigures } from '../../src/report/render.ts';
import { scalingFigure } from '../../src/report/scaling-figure.ts';
import { scanFigure } from '../../src/report/scan-figure.ts';
import { spectrumFigure } from '../../src/report/spectrum-figure.ts';
import { straightnessFigure } from '../../src/report/straightness-figure.ts';
import { surrogatesFigure } from '../../src/report/surrogate-figure.ts';
import type { Row, Tables } from '../../src/report/table-row.ts';
import { lineRamp, seriesColors } from '../../src/report/theme.ts';
import { thresholdExponentsFigure } from '../../src/report/threshold-figure.ts';
import { universalityFigure } from '../../src/report/universality-figure.ts';
import { syntheticCalibration, syntheticFit, syntheticLearning, syntheticTables } from './synthetic.ts';

const tables = syntheticTables();
const ridge: Row[] = [0, 0.1, 0.2].map((bias_variance) => ({
  curve: 'ridge',
  weight_variance: 1 + 3 * bias_variance,
  bias_variance,
}));

const classes: Row[] = [
  { class: 'mean-field', tau: 1.5, alpha: 2, gamma: 2 },
  { class: 'Brownian excursion', tau: 4 / 3, alpha: 1.5, gamma: 1.5 },
];

/** Every figure with texts that must be seen in it. */
const drawn: [figure: () => Figure, texts: string[]][] = [
  [
    () => sizeDistributionFigure(tables),
    ['N = 128, τ = 1.343(4)', 'N = 512, τ = 1.341(8)', 'Avalanche size S = N·Σ (s − θ)', '10⁻⁴', '10³'],
  ],
  [
    () => sizeDistributionFigure(tables, { perRootWidth: true }),
    ['Avalanche size S/√N, S = N·Σ (s − θ)', 'Probability density P(S/√N)'],
  ],
  [
    () => durationDistributionFigure(tables),
    ['N = 256, α = 1.511(6)', 'Avalanche duration D (layers)', 'Probability density P(D) (1/layer)', '10⁰'],
  ],
  [
    () => scalingFigure(tables),
    ['N = 128, γ = 1.496(5)', 'fit γ', 'predicted (α − 1)/(τ − 1)', 'Mean size ⟨S⟩, S = N·Σ (s − θ)'],
  ],
  [
    () => collapseFigure(tables),
    ['N = 128', 'N = 512', 'γc = 1.498(12)', 'predicted 1.51(2), dashed', 'Rescaled layer l/D', '400'],
  ],
  [() => collapseFigure(tables, { ensemble: 1 }), ['N = 256', 'γc = 1.494(12)']],
  [
    () => finiteSizeScalingFigure(tables),
    [
      'τ → 1.339(6)',
      'γ, mean size → 1.480(6), dashed → 1.475(12)',
      '(α − 1)/(τ − 1) → 1.50(2)',
      '1/N',
      '1/N (symbols of one N side by side)',
      'Sizes',
      'Durations',
      'Mean size against duration',
    ],
  ],
  [
    () => finiteSizeOverviewFigure(tables),
    ['Avalanche size S = N·Σ (s − θ)', 'Avalanche duration D (layers)', 'Mean size ⟨S⟩, S = N·Σ (s − θ)', 'c'],
  ],
  [
    () =>
      finiteSizeOverviewFigure({ ...tables, exponents: tables.exponents!.map((row) => ({ ...row, size: 'signal' })) }),
    ['Avalanche size S/√N, S = N·Σ s', 'Mean size ⟨S⟩/√N, S = N·Σ s'],
  ],
  [() => straightnessFigure(tables), ['Sizes', 'Durations', 'N = 512', 'Correction δ · N']],
  [
    () => universalityFigure(tables, classes),
    [
      'N = 128',
      'N = 512',
      'mean-field',
      'Brownian excursion',
      'Exponent τ of sizes',
      'Exponent α of durations',
      'Exponent γ of mean sizes',
    ],
  ],
  [
    () => fitFigure(syntheticFit(), { observable: 'size', discrete: false }),
    ['power law, 2.507(13)', 'lognormal', 'truncated power law, 2.40(3)', 'xmin = 2', 'P(X ≥ size)'],
  ],
  [() => calibrationFigure(syntheticCalibration()), ['resnet18', 'resnet34', 'convolution', 'sd / mean', 'Layer l']],
  [
    () => accuracyMapFigure(syntheticLearning(), { curves: ridge }),
    ['N = 300', 'ridge', 'Weight variance σw²', '100%'],
  ],
  [() => accuracyPerEpochFigure(syntheticLearning()), ['σb² = 0.05', 'Epoch', 'σw²']],
  [() => epochsToAccuracyFigure(syntheticLearning([200, 400])), ['N = 200', 'N = 400', 'Epochs']],
];

const ofLogs = { scalingOf: 'mean-ln' } as const;

/** Figures that say what γ was fitted to. */
const named: (() => Figure)[] = [
  () => scalingFigure(tables, ofLogs),
  () => finiteSizeScalingFigure(tables, ofLogs),
  () => universalityFigure(tables, classes, ofLogs),
  () => thresholdExponentsFigure([{ model: 'resnet18', threshold: 0, gamma_scaling: 2 }], ofLogs),
  () => scanFigure([{ over: 'threshold', value: 1, gamma_scaling: 2 }], 'activity', ofLogs),
  () =>
    knownExponentsFigure({ known_exponents: [{ process: 'abbm', exponent: 'gamma', measured: 2, known: 2 }] }, ofLogs),
  () =>
    surrogatesFigure(
      {
        ensemble: [{ ensemble: 0, width: 8 }],
        surrogate: [{ ensemble: 0, surrogate: 'phase', exponent: 'gamma_scaling', measured: 2 }],
      },
      ofLogs,
    ),
];

interface SceneItem {
  readonly bounds: { x1: number; y1: number; x2: number; y2: number };
  readonly items?: readonly {
    readonly marktype: string;
    readonly role?: string;
    readonly items: readonly SceneItem[];
  }[];
}

/** Points of a figure that lie under a legend of their panel. */
async function pointsBehindLegends(figure: Figure): Promise<object[]> {
  const view = await new vega.View(vega.parse(compileFigure(figure).vega), { renderer: 'none' }).runAsync();
  const hidden: object[] = [];
  const visit = ({ items = [] }: SceneItem): void => {
    const legends = items.filter(({ role }) => role === 'legend').flatMap((mark) => mark.items);
    const points = items.filter(({ marktype }) => marktype === 'symbol').flatMap((mark) => mark.items);
    for (const { bounds: box } of legends) {
      for (const { bounds } of points) {
        const [x, y] = [(bounds.x1 + bounds.x2) / 2, (bounds.y1 + bounds.y2) / 2];
        if (x > box.x1 && x < box.x2 && y > box.y1 && y < box.y2) hidden.push({ x, y });
      }
    }
    for (const mark of items) if (mark.marktype === 'group') mark.items.forEach(visit);
  };
  (view.scenegraph() as unknown as { root: { items: SceneItem[] } }).root.items.forEach(visit);
  view.finalize();
  return hidden;
}

/** Texts of an SVG document, in order. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]+)<\/(?:text|tspan)>/g)].map(([, text]) =>
    (text ?? '').replace(/&lt;/g, '<').replace(/&gt;/g, '>'),
  );
}

describe('every figure', () => {
  it('says what γ was fitted to, where that isn’t mean sizes', () => {
    for (const figure of named) {
      const { name, spec, caption } = figure();
      expect(`${name}: ${JSON.stringify(spec)} ${caption}`).toMatch(/mean ln size|exp⟨ln S⟩ ∝/);
      expect(`${name}: ${JSON.stringify(spec)}`).not.toMatch(/γ[^"]*mean sizes?\b/);
    }
  });

  it.each(drawn.map(([figure, texts]) => [figure().name, figure, texts] as const))(
    '%s compiles without a warning and shows its labels',
    async (_, figure, texts) => {
      expect(compileFigure(figure()).warnings).toEqual([]);
      expect(missingField(figure().spec)).toBeUndefined();
      const svg = await figureSvg(figure());
      expect(textsOf(svg)).toEqual(expect.arrayContaining(texts));
      expect(svg).not.toMatch(/NaN|undefined|Infinity|\[object/);
      // resvg refuses what isn't well-formed XML, and knows how far the real glyphs reach: no label may be cut.
      // (Curves go: they are clipped to their panel, which the box doesn't see.)
      const font = { loadSystemFonts: false, fontFiles: Object.values(fontFiles), defaultFontFamily: 'DejaVu Sans' };
      const image = new Resvg(svg.replace(/<path[^>]*>(<\/path>)?/g, ''), { font });
      const box = image.getBBox();
      expect(box?.x).toBeGreaterThanOrEqual(-0.5);
      expect(box?.y).toBeGreaterThanOrEqual(-0.5);
      expect(Number(box?.x) + Number(box?.width)).toBeLessThanOrEqual(image.width + 0.5);
      expect(Number(box?.y) + Number(box?.height)).toBeLessThanOrEqual(image.height + 0.5);
      expect((await svgToPng(svg, 0.25)).length).toBeGreaterThan(500);
    },
  );

  it('has no legend over what it draws, however long the names of series are', async () => {
    const kinds = ['', 'gaussian-weights', 'shuffled-weights'];
    const named = tables.ensemble!.map((row, i) => ({ ...row, width: 128, surrogate: kinds[i] }));
    // Energies that fall from a plateau, as those of avalanches do.
    const spectrum = tables.ensemble!.flatMap((row) =>
      Array.from({ length: 20 }, (_, k) => 2e-4 * 1.5 ** k).map((frequency) => ({
        ensemble: row.ensemble,
        frequency,
        energy: 1e3 / (1 + (frequency / 4e-3) ** 2),
        octave: null,
      })),
    );
    const labels = JSON.stringify(sizeDistributionFigure({ ...tables, ensemble: named }).spec);
    for (const label of ['Gaussian weights', 'shuffled weights']) expect(labels).toContain(label);
    expect(labels).not.toContain('surrogate: ');
    for (const all of [tables, { ...tables, ensemble: named }]) {
      const own = { ...all, spectrum };
      const figures = [sizeDistributionFigure, durationDistributionFigure, scalingFigure, spectrumFigure];
      for (const figure of [...figures, finiteSizeOverviewFigure]) {
        const drawing = figure(own);
        expect(await pointsBehindLegends(drawing), drawing.name).toEqual([]);
      }
    }
  });

  it('draws the prediction of the crackling relation only where its error is known, and small', () => {
    const laws = (error: number | null): Set<unknown> => {
      const exponents = tables.exponents!.map((row) => ({ ...row, gamma_predicted_error: error }));
      const [, , guides] = scalingFigure({ ...tables, exponents }).spec.layer as { data: { values: Row[] } }[];
      return new Set(guides!.data.values.map(({ law }) => law));
    };
    expect(laws(0.02).size).toBe(2);
    for (const error of [1, null]) expect(laws(error)).toEqual(new Set(['fit γ']));
  });

  it('is the same specification and the same SVG from the same rows', async () => {
    for (const [figure] of drawn) {
      expect(JSON.stringify(figure().spec)).toBe(JSON.stringify(figure().spec));
    }
    const [first, second] = await Promise.all([figureSvg(collapseFigure(tables)), figureSvg(collapseFigure(tables))]);
    expect(second).toBe(first);
  });

  it('draws profiles of a collapse so that they are told apart without colour', async () => {
    const svg = await figureSvg(collapseFigure(tables, { ensemble: 1 }));
    const dashes = new Set(svg.match(/stroke-dasharray="[^"]*"/g));
    expect(['7,3', '2,2'].filter((dash) => !dashes.has(`stroke-dasharray="${dash}"`))).toEqual([]);
  });

  it('holds plain JSON only: bigint columns have become numbers', () => {
    for (const [figure] of drawn) expect(() => JSON.stringify(figure().spec)).not.toThrow();
  });
});

describe('a figure without rows', () => {
  const empty: [string, () => Figure][] = [
    {},
    { histogram: [], scaling: [], collapse: [], exponents: [], straightness: [] },
  ].flatMap((none: Tables): [string, () => Figure][] => [
    ['size-distribution', () => sizeDistributionFigure(none)],
    ['duration-distribution', () => durationDistributionFigure(none)],
    ['scaling', () => scalingFigure(none)],
    ['collapse', () => collapseFigure(none)],
    ['finite-size-scaling', () => finiteSizeScalingFigure(none)],
    ['finite-size-overview', () => finiteSizeOverviewFigure(none)],
    ['straightness', () => straightnessFigure(none)],
    ['fit', () => fitFigure({ histogram: [], fit: [] }, { observable: 'size', discrete: false })],
    ['calibration', () => calibrationFigure([])],
    ['accuracy-map', () => accuracyMapFigure([])],
    ['accuracy-per-epoch', () => accuracyPerEpochFigure([])],
    ['epochs-to-accuracy', () => epochsToAccuracyFigure([])],
  ]);

  it.each(empty)('%s says so in one sentence', async (name, figure) => {
    const made = figure();
    expect(made.name).toBe(name);
    const said = textsOf(await figureSvg(made)).filter((text) => /^No .*[.]$/.test(text));
    expect(said).toHaveLength(1);
  });

  it('of values that are null or not finite says so too', () => {
    const broken: Tables = {
      histogram: [{ ensemble: 0, observable: 'size', lower: 1, upper: 2, center: Number.NaN, count: 1, density: null }],
      exponents: [{ ensemble: 0, width: 128, tau: null, tau_error: null }],
    };
    expect(sizeDistributionFigure(broken).caption).toMatch(/^No avalanche sizes/);
    expect(finiteSizeScalingFigure(broken).caption).toMatch(/^No exponents/);
  });
});

describe('partial tables', () => {
  it('draw the points without a fit, an exponent or an extrapolation', async () => {
    const { histogram, scaling: sizes, collapse: shapes, exponents } = tables;
    const bare: Tables = { histogram: histogram ?? [], scaling: sizes ?? [], collapse: shapes ?? [] };
    for (const figure of [sizeDistributionFigure(bare), scalingFigure(bare), collapseFigure(bare)]) {
      expect(compileFigure(figure).warnings).toEqual([]);
      expect(textsOf(await figureSvg(figure))).toContain('N = 128');
    }
    const points = finiteSizeScalingFigure({ exponents: exponents ?? [] });
    expect(textsOf(await figureSvg(points))).toContain('γ, mean size');
  });
});

describe('ensemble labels', () => {
  it('name what differs, and the number where nothing does', async () => {
    const one = (ensemble: number, more: Row): Row => ({
      ensemble,
      width: 64,
      duration: 2,
      count: 10,
      mean_size: 3 + ensemble,
      ...more,
    });
    const labels = async (rows: Row[], ensemble: Row[] = []): Promise<string[]> =>
      textsOf(await figureSvg(scalingFigure({ scaling: rows, ensemble }))).filter((text) =>
        /N =|σ|tanh|relu|ensemble/.test(text),
      );
    expect(await labels([one(0, {})])).toEqual(['N = 64']);
    expect(await labels([one(0, { weight_variance: 1 }), one(1, { weight_variance: 1.5 })])).toEqual([
      'σw² = 1',
      'σw² = 1.5',
    ]);
    expect(
      await labels(
        [one(0, {}), one(1, {})],
        [
          { ensemble: 0, activation: 'tanh' },
          { ensemble: 1, activation: 'relu' },
        ],
      ),
    ).toEqual(['tanh', 'relu']);
    expect(await labels([one(0, {}), one(1, {})])).toEqual(['ensemble 0', 'ensemble 1']);
  });
});

describe('renderFigures', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crackle-figures-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('writes an SVG and a PNG of twice its pixels for each figure, and returns their names', async () => {
    const into = join(folder, 'figures');
    const { files, written } = await renderFigures([sizeDistributionFigure(tables), scalingFigure(tables)], into);
    await written;
    expect(files).toEqual(['size-distribution.svg', 'size-distribution.png', 'scaling.svg', 'scaling.png']);
    expect((await readdir(into)).sort()).toEqual(files.toSorted());
    for (const name of ['size-distribution', 'scaling']) {
      const svg = await readFile(join(into, `${name}.svg`), 'utf8');
      expect(svg).toContain('font-family="DejaVu Sans, Verdana, sans-serif"');
      expect(svg).toMatch(/role="img"><title>[^<]+<\/title><desc>[^<]+<\/desc>/);
      const png = await readFile(join(into, `${name}.png`));
      expect(png.subarray(0, 8)).toEqual(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]));
      const width = Number(svg.match(/\bwidth="([\d.]+)"/)?.[1]);
      expect(Math.abs(png.readUInt32BE(16) - 2 * width)).toBeLessThanOrEqual(2);
      expect(png.length).toBeGreaterThan(10_000);
    }
  });

  it('hands a drawing on to become a PNG before the next one is drawn', async () => {
    const { spec, ...next } = { ...scalingFigure(tables), name: 'next' };
    const order: string[] = [];
    const watched = {
      ...next,
      get spec() {
        order.push('next is drawn');
        return spec;
      },
    };
    const toPng = (_: string, path: string) => {
      order.push(basename(path));
    };
    const { written } = await renderFigures([scalingFigure(tables), watched], join(folder, 'ordered'), toPng);
    await written;
    expect(order).toEqual(['scaling.png', 'next is drawn', 'next.png']);
  });

  it('rejects what is to be written, not what is drawn, where a PNG can’t be made', async () => {
    const toPng = () => Promise.reject(new StoreError('the disk is full'));
    const { written } = await renderFigures([scalingFigure(tables)], join(folder, 'full'), toPng);
    await expect(written).rejects.toThrow('the disk is full');
  });

  it('rejects with a StoreError that names the folder it can’t make', async () => {
    const blocked = join(folder, 'figures', 'scaling.svg', 'deeper');
    await expect(renderFigures([scalingFigure(tables)], blocked)).rejects.toThrow(StoreError);
    await expect(renderFigures([scalingFigure(tables)], blocked)).rejects.toThrow(
      /can't make the figure folder .*deeper/,
    );
  });
});

/** Relative luminance (WCAG 2.2). */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

const contrast = (a: string, b: string): number => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
};

it.each(['#ffffff', '#1b1e21'])('draws lines that a number orders 3 : 1 clear of %s', (ground) => {
  for (const color of [...lineRamp, ...seriesColors(40)]) expect(contrast(color, ground)).toBeGreaterThan(3);
});
