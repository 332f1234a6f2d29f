import type { Ensemble } from '../network/ensemble.ts';
import type { Engine } from '../propagation/engine.ts';
import { engine } from '../propagation/engines.ts';
import type { PropagateOptions } from '../propagation/propagate.ts';
import { surrogateEngine, surrogateEnsemble } from './engine.ts';
import { type SurrogateKind, surrogatesOf } from './kinds.ts';

/** Ensembles with the null models that were asked for. */
export interface WithSurrogates {
  /** The ensembles as they were, then one each for every null model, a null model after the other. */
  readonly ensembles: readonly Ensemble[];
  /** What `propagate` needs for an ensemble of these. */
  propagation(ensemble: Ensemble): PropagateOptions;
}

/** What `withSurrogates` needs of parameters. */
export type Values = PropagateOptions & {
  readonly engine: string;
  readonly surrogate: readonly (SurrogateKind | 'none')[];
};

/**
 * Adds the null models that `values.surrogate` names: they go through the same stages as the ensembles that they are made of.
 * @param originals ensembles whose `index` is their position; null models are numbered on behind them
 */
export function withSurrogates(originals: readonly Ensemble[], values: Values): WithSurrogates {
  const kinds = surrogatesOf(values.surrogate);
  const each = kinds.flatMap((kind, k) =>
    originals.map((of, i) => {
      const index = originals.length * (k + 1) + i;
      return { kind, of, ensemble: surrogateEnsemble(of, kind, index) };
    }),
  );
  const open = (): Promise<Engine> => engine(values.engine, values.backend);
  return {
    ensembles: [...originals, ...each.map(({ ensemble }) => ensemble)],
    propagation: ({ index }) => {
      const found = each.find(({ ensemble }) => ensemble.index === index);
      return found === undefined ? values : { ...values, engine: surrogateEngine(found.kind, found.of, open) };
    },
  };
}
