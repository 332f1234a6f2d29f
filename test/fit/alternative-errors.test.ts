import { describe, expect, it } from 'vitest';
import { fitPowerLaw } from '../../src/fit/fit-power-law.ts';
import { createStream } from '../../src/numeric/random.ts';

type Draw = (stream: ReturnType<typeof createStream>) => number;
const n = 250;
const samples = 50;

/** Spread of an alternative's parameter over samples, as a share of its mean standard error. */
function spread(draw: Draw, name: string, parameter: string, discrete: boolean, xmin: number): number {
  const found = Array.from({ length: samples }, (_, s) => {
    const stream = createStream(90, s);
    const values = Float64Array.from({ length: n }, () => draw(stream));
    const { alternatives } = fitPowerLaw(values, { discrete, xmin });
    const one = alternatives.find((other) => other.name === name)!;
    return { value: one.parameters[parameter]!, error: one.standard_errors[parameter]! };
  });
  const mean = found.reduce((sum, { value }) => sum + value / samples, 0);
  const deviation = Math.sqrt(found.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (samples - 1));
  return deviation / (found.reduce((sum, { error }) => sum + error, 0) / samples);
}

describe('standard errors of the alternatives', () => {
  // Deviation over 50 samples is known to 1/√98 = 10 %; 4 times that, and 10 % for being of first order.
  const laws: [string, string, Draw, boolean, number][] = [
    ['exponential', 'lambda', (s) => 1 - Math.log(1 - s.uniform()) / 0.5, false, 1],
    ['exponential', 'lambda', (s) => 1 + Math.floor(-Math.log(1 - s.uniform()) / 0.2), true, 1],
    ['lognormal', 'mu', (s) => 0.01 + Math.exp(1 + 0.5 * s.normal()), false, 0.01],
    ['lognormal', 'sigma', (s) => 0.01 + Math.exp(1 + 0.5 * s.normal()), false, 0.01],
    ['stretched_exponential', 'beta', (s) => 1e-6 + (-Math.log(1 - s.uniform())) ** (1 / 0.7), false, 1e-6],
    ['truncated_power_law', 'lambda', (s) => 1 - Math.log(1 - s.uniform()) / 0.5, false, 1],
  ];
  it.each(laws)('are the spread of the %s’s %s over samples', (name, parameter, draw, discrete, xmin) => {
    const ratio = spread(draw, name, parameter, discrete, xmin);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.5);
  });

  it('are 1/√n of the rate of an exponential, and none where a fit is degenerate', () => {
    const stream = createStream(91, 1);
    const values = Float64Array.from({ length: 1000 }, () => (1 - stream.uniform()) ** (-1 / 1.5));
    const { alternatives } = fitPowerLaw(values, { xmin: 1 });
    const { parameters, standard_errors } = alternatives.find(({ name }) => name === 'exponential')!;
    expect(standard_errors.lambda! / (parameters.lambda! / Math.sqrt(1000))).toBeCloseTo(1, 3);
    const degenerate = alternatives.filter((other) => other.degenerate);
    expect(degenerate.length).toBeGreaterThan(0);
    for (const other of degenerate)
      expect(Object.values(other.standard_errors).every((error) => error === null)).toBe(true);
  });
});
