import { describe, expect, it } from 'vitest';
import { figureSvg } from '../../src/report/render.ts';
import { run } from '../../src/run/run.ts';

const values = {
  widths: [32, 64, 128],
  valid: 8000,
  scanValid: 0,
  engine: 'effective',
  alternatives: false,
  blocks: 16,
  profileCount: 60,
  spectrumEvery: 2,
};

describe('finite-size-scaling', () => {
  // The cutoff of durations is known to grow as N and that of sizes as N^(3/2); bounds of four quoted errors (seeded).
  it('finds cutoffs of whole distributions, asymmetries and spectra, with their figures', async () => {
    const { tables, figures } = await run('finite-size-scaling', values, { workers: 1, seed: 5 });
    const cutoffs = tables.cutoff_exponent!;
    expect(cutoffs.map(({ observable }) => observable)).toEqual(['duration', 'size', 'driven_size']);
    const [duration, size, driven] = cutoffs.map((row) => ({
      cutoff: Number(row.cutoff),
      error: Number(row.cutoff_error),
    }));
    for (const [found, expected] of [
      [duration!, 1],
      [size!, 1.5],
    ] as const) {
      expect(found.error).toBeLessThan(0.15);
      expect(Math.abs(found.cutoff - expected)).toBeLessThan(4 * found.error);
    }
    // All widths have one total norm of the drive: its unit changes nothing.
    expect(driven!.cutoff).toBeCloseTo(size!.cutoff, 9);
    expect(tables.moment_scaling).toHaveLength(21);

    const leaning = tables.asymmetry!.filter((row) => Number(row.asymmetry_error) > 0);
    expect(new Set(leaning.map((row) => row.width))).toEqual(new Set(values.widths));
    const spectra = tables.spectrum_exponent!;
    expect(spectra.map((row) => row.width)).toEqual(values.widths);
    const wide = spectra[2]!;
    // About half of those that are perturbed.
    expect(Number(wide.avalanches)).toBeGreaterThan(3000);
    expect(Math.abs(Number(wide.spectral_exponent) - 2)).toBeLessThan(0.5);
    const total = tables.spectrum!.filter((row) => row.width === 128 && row.octave === null);
    expect(total).toHaveLength(24);
    expect(Number(total.at(-1)!.energy)).toBeGreaterThan(Number(total[0]!.energy));

    for (const [name, text] of [
      ['distribution-collapse', 'Growth of moments'],
      ['asymmetry', 'Skewness'],
      ['spectrum', 'Mean energy'],
    ] as const) {
      const svg = await figureSvg(figures.find((figure) => figure.name === name)!);
      expect(svg).toContain(text);
      expect(svg).toContain('N = 128');
    }
    const { concat } = figures.find((figure) => figure.name === 'distribution-collapse')!.spec as {
      concat: { data: { values: { q: number }[] } }[];
    };
    // Moments of S in units of where sizes begin stand for those of S, too.
    const shown = tables.moment_scaling!.filter((row) => row.observable !== 'size');
    expect(concat.at(-1)!.data.values.map(({ q }) => q)).toEqual(shown.map((row) => row.moment));
  });

  it('has neither spectrum nor cutoffs where they are not asked for, or widths are too few', async () => {
    const few = { ...values, widths: [32], valid: 1000, spectrumEvery: 0 };
    const { tables, figures } = await run('finite-size-scaling', few, { workers: 1 });
    expect(tables.spectrum).toEqual([]);
    expect(tables.cutoff_exponent).toEqual([]);
    expect(figures.map(({ name }) => name)).not.toContain('spectrum');
  });
});
