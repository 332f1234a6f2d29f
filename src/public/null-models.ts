/**
 * Null models: surrogates of signals.
 *
 * ```ts
 * import { layeredSurrogate } from 'crackle';
 *
 * const signals = { traces: 2, depth: 1, strength: Float32Array.of(3, 5) };
 * const shuffled = layeredSurrogate('shuffle', signals, { seed: 1, ensemble: 0, block: 0 });
 * console.log([0, 1].map((trace) => shuffled(trace)(1)).sort().join()); // 3,5
 * ```
 */

export { surrogateEngine, surrogateEnsemble } from '../surrogate/engine.ts';
export { type Values as SurrogateValues, type WithSurrogates, withSurrogates } from '../surrogate/ensembles.ts';
export { type SurrogateKind, surrogateKinds, surrogateParameters } from '../surrogate/kinds.ts';
export { type LayeredSignals, layeredSurrogate, type SurrogateKey, type SurrogateTrace } from '../surrogate/layered.ts';
export type { SeriesKind } from '../surrogate/series.ts';
