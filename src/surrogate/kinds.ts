import { choice, distinct, list, noneOr, refusedWhere } from '../parameter.ts';

/**
 * Null models, each without what the one before still has (Theiler et al., Physica D 58, 77 (1992), doi:10.1016/0167-2789(92)90102-S):
 * `gaussian`: Gaussian with the same mean and covariance (of layers) or autocovariance (in time); `phase`: the spectrum of each trace (of layers: standardised layer by layer) with random phases;
 * `shuffle`: the same values in random order, nothing left of their correlation.
 */
export const surrogateKinds = ['gaussian', 'phase', 'shuffle'] as const;

/** A kind of null models of layered signals. */
export type SurrogateKind = (typeof surrogateKinds)[number];

/** What random numbers are for. */
export const surrogatePurpose = {
  weights: 0x73757277,
  phases: 0x73757270,
  order: 0x7375726f,
  series: 0x73757274,
} as const;

/** The parameter that asks for null models beside what is measured. */
export const surrogateParameters = {
  surrogate: refusedWhere(
    list<SurrogateKind | 'none'>(
      'null models measured beside the networks: gaussian (same layer means and covariance of layers), phase (random phases, same spectrum over layers of the signals standardised layer by layer), shuffle (values of a layer shuffled among perturbations), or none',
      ['none'],
      choice<SurrogateKind | 'none'>('', 'none', ['none', ...surrogateKinds]),
    ),
    ({ surrogate }) => noneOr(surrogate),
  ),
};

/**
 * The null models that are asked for, in the order of {@link surrogateKinds}.
 * @throws ParameterError for one that is listed twice
 */
export function surrogatesOf(words: readonly (SurrogateKind | 'none')[]): SurrogateKind[] {
  distinct('surrogate', words);
  return surrogateKinds.filter((kind) => words.includes(kind));
}
