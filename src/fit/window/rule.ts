/**
 * How windows of fits are chosen. `scaling`: the range in which the system scales, known without its data. `widest`: the widest window that
 * a power law passes. `smallest-ks`: the window of smallest Kolmogorov–Smirnov distance. `given`: cutoffs that are stated.
 */
export type WindowRule = 'scaling' | 'widest' | 'smallest-ks' | 'given';
export const windowRules: readonly WindowRule[] = ['scaling', 'widest', 'smallest-ks', 'given'];
