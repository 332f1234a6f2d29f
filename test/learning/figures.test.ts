import { describe, expect, it } from 'vitest';
import { learningFigures } from '../../src/learning/figures.ts';
import { rankCorrelationFigure } from '../../src/report/rank-correlation-figure.ts';
import { figureSvg } from '../../src/report/render.ts';

const weights = [0.5, 1, 1.5, 2];
const biases = [0, 0.1];
const cells = biases.flatMap((bias) =>
  weights.map((weight) => ({
    experiment: 'map',
    width: 64,
    weight_variance: weight,
    bias_variance: bias,
    accuracy: 1 - Math.abs(weight - 1.2) / 2,
    chi_weight_variance: weight === 1 && bias === 0 ? Infinity : weight < 1 && bias === 0 ? 0 : 1 / weight,
    chi_1: weight,
    runs: 1,
    epochs: 10,
  })),
);
const scan = weights.map((weight, i) => ({
  experiment: 'scan',
  width: 32,
  weight_variance: weight,
  bias_variance: 0,
  accuracy: i === 0 ? 0.3 : 0.98,
  runs: 2,
  reached: i === 0 ? 1 : 2,
  epochs: i === 0 ? 50 : 12 - i,
  epochs_to_target: i === 0 ? 9 : 12 - i,
}));
const tables = {
  trainability: [...cells, ...scan],
  learning_curve: cells.flatMap((cell) => [1, 2].map((epoch) => ({ ...cell, epoch }))),
  phase_curve: biases.flatMap((bias) => [
    { curve: 'edge-of-chaos', bias_variance: bias, weight_variance: 1 + bias },
    { curve: 'widom-weight-variance', bias_variance: bias, weight_variance: 1 + 2 * bias },
    { curve: 'widom-weight-deviation', bias_variance: bias, weight_variance: 1 + 3 * bias },
  ]),
  learned_signal: [0, 5].flatMap((epoch) =>
    [1, 2, 3].map((layer) => ({ ...cells[1]!, epoch, layer, strength: 0.01, relative: 0.9 ** (layer * (epoch + 1)) })),
  ),
};

describe('learningFigures(tables, target)', () => {
  const figures = learningFigures(tables, 0.97);
  const drawn = (name: string) => figureSvg(figures.find((figure) => figure.name === name)!);
  const shows = (svg: string, texts: readonly string[]) => {
    for (const text of texts) expect(svg).toContain(text);
    expect(svg).not.toMatch(/NaN|undefined/);
  };

  it('draws accuracy over the plane with the edge of chaos and the Widom-like line', async () => {
    shows(await drawn('accuracy-map'), ['N = 64', 'edge of chaos', 'Widom-like line', 'Weight variance σw²']);
  });

  it('spends its colours on the accuracies that there are, and marks the best cell of each σb²', () => {
    const spec = figures.find(({ name }) => name === 'accuracy-map')!.spec as {
      hconcat: { layer: { data: { values: Record<string, number>[] }; encoding: { color?: { scale: object } } }[] }[];
    };
    const layers = spec.hconcat[0]!.layer;
    // 1 − |σw² − 1.2|/2: from 0.6 at σw² = 2 to 0.9 at 1.
    expect(layers[0]!.encoding.color!.scale).toMatchObject({ domain: [0.6, 0.9] });
    expect(layers.at(-1)!.data.values.map(({ weight }) => weight)).toEqual([1, 1]);
  });

  it('draws rank correlations from the best predictor to the worst, with their intervals', async () => {
    const row = (predictor: string, rho: number, bias_variance: number | null = null) => ({
      predictor,
      bias_variance,
      cells: 8,
      rho,
      rho_low: rho - 0.2,
      rho_high: rho + 0.1,
    });
    const ranked = rankCorrelationFigure([row('xi_q', 0.2), row('edge_chi_1', 0.8), row('xi_c', 0.5, 0.1)]);
    const svg = await figureSvg(ranked);
    shows(svg, ['closeness of χ₁ to 1', 'depth scale of the strength', '8 cells']);
    expect(svg).not.toContain('depth scale of correlations');
    expect(svg.indexOf('closeness of χ₁ to 1')).toBeLessThan(svg.indexOf('depth scale of the strength'));
    expect(rankCorrelationFigure([]).caption).toContain('at least four cells');
  });

  it('draws the susceptibility of the same cells, and accuracy against it', async () => {
    shows(await drawn('susceptibility-map'), ['Susceptibility ∂s*/∂σw²']);
    shows(await drawn('accuracy-prediction'), ['Susceptibility ∂s*/∂σw²', 'χ₁ (edge of chaos at 1)', 'σb² = 0.1']);
  });

  it('counts a cell of the scan as having reached the target only where all its runs did', () => {
    const data = JSON.stringify(figures.find(({ name }) => name === 'epochs-to-accuracy')!.spec);
    expect(data).toContain('"weight":0.5,"width":32,"epochs":50,"done":false');
    expect(data).toContain('"weight":1,"width":32,"epochs":11,"done":true');
  });

  it('draws signal strengths by layer and epoch where networks were looked into', async () => {
    shows(await drawn('learned-signal'), ['σw² = 1, σb² = 0, N = 64', 'Layer', 'Epoch']);
  });

  it('draws nothing of experiments that were not made', () => {
    expect(learningFigures({ trainability: [], learning_curve: [] }, 0.97)).toEqual([]);
    expect(learningFigures({ trainability: scan }, 0.97).map(({ name }) => name)).toEqual(['epochs-to-accuracy']);
  });
});
