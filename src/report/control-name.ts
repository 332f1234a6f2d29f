/** What has lost what was learned, by the kind of such a control. */
const ofWeights: Readonly<Record<string, string>> = {
  'shuffled-weights': 'shuffled weights',
  'gaussian-weights': 'Gaussian weights',
};

/** Whether a kind of null models is one of weights, and not of signals. */
export const isOfWeights = (kind: string): boolean => ofWeights[kind] !== undefined;

/** A null model by what it is: only one of signals is a surrogate. */
export const controlName = (kind: string): string => ofWeights[kind] ?? `${kind} surrogate`;
