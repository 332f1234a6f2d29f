import { ParameterError } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { type Engine, type EngineOptions, retires, type SignalWindow } from '../propagation/engine.ts';
import { SignalRows } from '../propagation/signal-rows.ts';
import type { SurrogateKind } from './kinds.ts';
import { type LayeredSignals, layeredSurrogate } from './layered.ts';

/** Values that a block of signals is made for, and those that it may have at most (512 MiB). */
const roomFor = 2 ** 22;
const mostValues = 2 ** 27;
const [fewestTraces, mostTraces] = [32, 1024];
/** Signals that a Gaussian surrogate is made from: their covariance has as many degrees of freedom. */
const gaussianSources = 512;

/**
 * The ensemble of a null model: perturbations in blocks of `reuse` come from the signals of one block of the original's perturbations, whole
 * networks of it, at most 1024 where networks allow.
 */
export function surrogateEnsemble(of: Ensemble, kind: SurrogateKind, index: number): Ensemble {
  const wanted = Math.min(Math.max(Math.floor(roomFor / of.depth), fewestTraces), mostTraces);
  const reuse = of.reuse * Math.max(1, Math.floor(wanted / of.reuse));
  return { ...of, index, reuse, surrogate: { kind, of: of.index } };
}

/** Signals of perturbations `first` … `first + traces − 1` through all layers. */
async function signalsOf(
  source: Engine,
  options: EngineOptions,
  first: number,
  traces: number,
): Promise<LayeredSignals> {
  const { depth } = options.ensemble;
  const strength = new Float32Array(traces * depth).fill(Number.NaN);
  const ids = Float64Array.from({ length: traces }, (_, i) => first + i);
  for await (const window of source.propagate(ids, { ...options, floor: null, recycle: true })) {
    const { perturbation, layer, length } = window;
    const words = new Uint32Array(perturbation.buffer, perturbation.byteOffset, 2 * length);
    for (let r = 0; r < length; r++) {
      const id = words[2 * r]! + 2 ** 32 * words[2 * r + 1]!;
      strength[(layer[r]! - 1) * traces + id - first] = window.strength[r]!;
    }
  }
  return { traces, depth, strength };
}

/**
 * An engine whose signals are a null model of another engine's: blocks of `reuse` perturbations of the original are followed through all
 * layers, and signals that have only their mean and covariance, spectrum or values come out, as far as the floor lets them.
 * Time: the original's at full depth (a Gaussian surrogate takes 512 perturbations a block at most); memory: one block.
 * @param of the original's ensemble; what is propagated must be its {@link surrogateEnsemble}
 * @throws ParameterError (as a rejection) where a block would take more than 512 MiB
 */
export function surrogateEngine(kind: SurrogateKind, of: Ensemble, open: () => Promise<Engine>): Engine {
  return {
    name: `surrogate(${kind})`,
    async *propagate(
      perturbations: Float64Array,
      options: EngineOptions,
    ): AsyncGenerator<SignalWindow, void, undefined> {
      const source = await open();
      const { ensemble, seed, floor, windowRows } = options;
      const { depth, reuse } = ensemble;
      const traces = kind === 'gaussian' ? Math.min(reuse, Math.max(of.reuse, gaussianSources)) : reuse;
      if (traces * depth > mostValues) {
        throw new ParameterError(
          `a surrogate holds the signals of ${traces} perturbations through ${depth} layers at once, ${mostValues} values at most: take fewer layers, or a smaller reuse`,
        );
      }
      const retired = retires(floor);
      const out = new SignalRows(windowRows, options.recycle);
      for (let at = 0; at < perturbations.length; ) {
        const block = Math.floor(perturbations[at]! / reuse);
        const signals = await signalsOf(source, { ...options, ensemble: of }, block * reuse, traces);
        const surrogate = layeredSurrogate(kind, signals, { seed, ensemble: ensemble.index, block });
        for (; at < perturbations.length && perturbations[at]! < (block + 1) * reuse; at++) {
          const id = perturbations[at]!;
          const trace = surrogate(id - block * reuse);
          for (let layer = 1; layer <= depth; layer++) {
            const strength = Math.fround(trace(layer));
            out.push(id, layer, strength);
            if (out.full) yield out.take();
            if (retired(strength, layer)) break;
          }
        }
        if (out.length > 0) yield out.take();
      }
    },
  };
}
