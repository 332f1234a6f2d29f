import { ParameterError } from '../error.ts';
import { Fourier } from '../numeric/fourier.ts';
import { createStream } from '../numeric/random.ts';
import { shuffleInPlace } from '../numeric/shuffle.ts';
import { type SurrogateKind, surrogatePurpose } from './kinds.ts';
import { randomPhases } from './randomise.ts';

/** Signals of some perturbations through the same layers, layer by layer: the strength of trace i in layer l at (l − 1)·traces + i. */
export interface LayeredSignals {
  readonly traces: number;
  readonly depth: number;
  readonly strength: Float32Array;
}

/** Who draws, for keyed streams: surrogates don't depend on what else is made. */
export interface SurrogateKey {
  readonly seed: number;
  readonly ensemble: number;
  /** Of the block of signals: surrogates of several blocks of one ensemble are independent. */
  readonly block: number;
}

/** Strength of layer l = 1, 2, …, to be asked for in this order; as far as it is needed. */
export type SurrogateTrace = (layer: number) => number;

interface Moments {
  readonly mean: Float64Array;
  /** Unbiased. */
  readonly sd: Float64Array;
}

function momentsOf({ traces, depth, strength }: LayeredSignals): Moments {
  const mean = new Float64Array(depth);
  const sd = new Float64Array(depth);
  for (let l = 0; l < depth; l++) {
    let sum = 0;
    for (let i = 0; i < traces; i++) sum += strength[l * traces + i]!;
    mean[l] = sum / traces;
    let squares = 0;
    for (let i = 0; i < traces; i++) squares += (strength[l * traces + i]! - mean[l]!) ** 2;
    sd[l] = Math.sqrt(squares / (traces - 1));
  }
  return { mean, sd };
}

/**
 * Gaussian with the layer means and the layer × layer covariance of the signals: x̃ = μ + Σ_i w_i (x_i − μ)/√(n − 1) with w_i standard normal has
 * exactly mean μ and the unbiased sample covariance of the n traces, in memory n × layers, whatever the number of layers: no matrix of layers ×
 * layers is ever made, and none has to be decomposed. Over many blocks the law is a mixture with the true covariance on average and an excess
 * kurtosis of 6/(n − 1).
 */
function gaussian(signals: LayeredSignals, { seed, ensemble, block }: SurrogateKey): (i: number) => SurrogateTrace {
  const { traces, strength } = signals;
  const { mean } = momentsOf(signals);
  const weights = new Float64Array(traces);
  return (i) => {
    const stream = createStream(seed, ensemble, surrogatePurpose.weights, block, i);
    for (let j = 0; j < traces; j++) weights[j] = stream.normal() / Math.sqrt(traces - 1);
    return (layer) => {
      const from = (layer - 1) * traces;
      const level = mean[layer - 1]!;
      let sum = 0;
      for (let j = 0; j < traces; j++) sum += weights[j]! * (strength[from + j]! - level);
      return level + sum;
    };
  };
}

/**
 * Each trace for itself, made stationary by its layers' means and standard deviations: the phases of its spectrum over layers are drawn anew,
 * the amplitudes stay (Theiler et al. 1992). What stays is the spectrum, not that layers differ in how they go together.
 */
function phase(signals: LayeredSignals, { seed, ensemble, block }: SurrogateKey): (i: number) => SurrogateTrace {
  const { traces, depth, strength } = signals;
  const { mean, sd } = momentsOf(signals);
  const fourier = new Fourier(depth);
  const re = new Float64Array(depth);
  const im = new Float64Array(depth);
  return (i) => {
    const own = i % traces;
    for (let l = 0; l < depth; l++) {
      re[l] = sd[l]! > 0 ? (strength[l * traces + own]! - mean[l]!) / sd[l]! : 0;
      im[l] = 0;
    }
    fourier.forward(re, im);
    randomPhases(re, im, createStream(seed, ensemble, surrogatePurpose.phases, block, i));
    fourier.inverse(re, im);
    return (layer) => mean[layer - 1]! + sd[layer - 1]! * re[layer - 1]!;
  };
}

/** The values of each layer in another order of traces: distributions within layers stay, correlations between layers go. */
function shuffle(signals: LayeredSignals, { seed, ensemble, block }: SurrogateKey): (i: number) => SurrogateTrace {
  const { traces, depth, strength } = signals;
  const shuffled = strength.slice();
  for (let l = 0; l < depth; l++) {
    const stream = createStream(seed, ensemble, surrogatePurpose.order, block, l);
    shuffleInPlace(shuffled.subarray(l * traces, (l + 1) * traces), stream);
  }
  return (i) => (layer) => shuffled[(layer - 1) * traces + (i % traces)]!;
}

const makers = { gaussian, phase, shuffle } satisfies Record<SurrogateKind, unknown>;

/**
 * Null models of layered signals: a function that gives the i-th surrogate trace. A trace must be read before the next is asked for. `gaussian` gives any
 * number of different ones, `phase` a different one of trace i mod n for any i, `shuffle` as many as there are traces.
 * @throws ParameterError for fewer than 2 traces
 */
export function layeredSurrogate(
  kind: SurrogateKind,
  signals: LayeredSignals,
  key: SurrogateKey,
): (i: number) => SurrogateTrace {
  if (signals.traces < 2)
    throw new ParameterError(`a surrogate needs signals of at least 2 perturbations, got ${signals.traces}`);
  return makers[kind](signals, key);
}
