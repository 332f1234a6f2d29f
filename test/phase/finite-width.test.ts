import { expect, it } from 'vitest';
import { finiteWidth, slopeOf } from './finite-width.ts';

it('brings s* and χ_w to the theory as 1/N from N = 64 to 4096', async () => {
  const found = await finiteWidth({
    weightVariance: 1.5,
    biasVariance: 0,
    widths: [64, 128, 256, 512, 1024, 2048, 4096],
    networks: (width) => Math.max(64, width / 2),
    window: 600,
  });
  for (const key of ['strength', 'susceptibility'] as const) {
    const { slope, error, chiSquare, degreesOfFreedom } = slopeOf(found[key]);
    console.log(
      `deviation of ${key}: slope ${slope.toFixed(3)} ± ${error.toFixed(3)}, χ² ${chiSquare.toFixed(1)} of ${degreesOfFreedom}`,
    );
    expect(error).toBeLessThan(0.1);
    // 4 standard errors: false alarm 6e-5.
    expect(Math.abs(slope + 1)).toBeLessThan(4 * error);
    // χ² of 4 degrees of freedom: above 23.5 with probability 1e-4.
    expect(chiSquare).toBeLessThan(23.5);
  }
});
