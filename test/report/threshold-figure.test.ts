import { describe, expect, it } from 'vitest';
import { figureSvg } from '../../src/report/render.ts';
import type { Row } from '../../src/report/table-row.ts';
import { thresholdExponentsFigure } from '../../src/report/threshold-figure.ts';

const rows: Row[] = ['resnet-18', 'resnet-50'].flatMap((model) =>
  [-1, 0, 2].map((threshold) => ({
    model,
    threshold,
    tau: 1.5 + 0.1 * threshold,
    tau_error: 0.02,
    alpha: 2,
    alpha_error: null,
    gamma_scaling: model === 'resnet-18' ? 1.9 : null,
    gamma_scaling_error: 0.1,
    gamma_predicted: null,
    gamma_predicted_error: null,
  })),
);

describe('thresholdExponentsFigure', () => {
  it('draws a panel for each exponent that there is, and names the models', async () => {
    const svg = await figureSvg(thresholdExponentsFigure(rows));
    for (const text of ['resnet-18', 'resnet-50', 'τ (sizes)', 'α (durations)', 'Threshold k'])
      expect(svg).toContain(text);
    expect(svg).not.toContain('(α − 1)/(τ − 1)');
  });

  it('says so where there is nothing to draw', async () => {
    expect(await figureSvg(thresholdExponentsFigure([]))).toContain('No exponents to draw');
  });
});
