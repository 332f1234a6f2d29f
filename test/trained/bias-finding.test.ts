import { describe, expect, it } from 'vitest';
import { withBiasFindings } from '../../src/trained/bias-finding.ts';

const network = { ensemble: 0, model: 'after', width: 128, depth: 41, perturbations: 1000, input_strength: 0.00884 };
const said = (...ensemble: object[]) =>
  withBiasFindings([{ id: 'exponents', title: '', caption: '', head: [], rows: [] }], {
    ensemble: ensemble.map((row) => ({ ...network, ...row })),
  })[0]!.findings!;

describe('withBiasFindings', () => {
  it('says of networks with biases that most perturbations pass through, and of no others, that biases may be why', () => {
    const passed = { censored: 997, bias_variance: 2.5e-5 };
    expect(said(passed, { ensemble: 1, model: 'before', censored: 70, bias_variance: 2.5e-5 })).toMatchObject([
      {
        ensemble: 0,
        label: 'after',
        sentence:
          'after: 99.7 % of perturbations reach the last layer, above a threshold (0.0088 a neuron) over which biases (0.005) may hold signals by themselves: parameter threshold sets one above the mean of each layer, around follows what perturbations change.',
        quantities: [{ quantity: 'censored', value: 0.997 }],
      },
    ]);
    expect(said({ ...passed, bias_variance: 0 })).toEqual([]);
    expect(said({ ...passed, surrogate: 'shuffled-weights' })).toEqual([]);
  });
});
