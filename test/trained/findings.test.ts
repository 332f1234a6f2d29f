import { describe, expect, it } from 'vitest';
import type { EnsembleRow } from '../../src/schema/columns.ts';
import { biasFindings } from '../../src/trained/bias-finding.ts';
import { fewPointsFindings } from '../../src/trained/few-points-finding.ts';

type Columns = Partial<EnsembleRow>;
const network: Columns = { ensemble: 0, model: 'after', width: 128, depth: 41, perturbations: 1000, input_norm: 0.1 };
const said = (...ensemble: Columns[]) => biasFindings({ ensemble: ensemble.map((row) => ({ ...network, ...row })) });

describe('biasFindings', () => {
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

describe('fewPointsFindings', () => {
  it('says that errors over fewer than eight data points may be too small, and over one know of no other', () => {
    expect(fewPointsFindings(8)).toEqual([]);
    expect(fewPointsFindings(3)).toMatchObject([{ sentence: expect.stringMatching(/^Errors are over 3 data points/) }]);
    expect(fewPointsFindings(1)).toMatchObject([{ sentence: expect.stringContaining('around one data point') }]);
  });
});
