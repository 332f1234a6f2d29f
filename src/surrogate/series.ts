import { Fourier } from '../numeric/fourier.ts';
import { createStream, type RandomStream } from '../numeric/random.ts';
import { shuffleInPlace } from '../numeric/shuffle.ts';
import { type SurrogateKind, surrogateKinds, surrogatePurpose } from './kinds.ts';
import { gaussianAmplitudes, randomPhases } from './randomise.ts';

/** Null models of a series in time: `iaaft` has both the spectrum and the distribution of values. */
export const seriesKinds = [...surrogateKinds, 'iaaft'] as const;

/** A kind of null models of recorded traces. */
export type SeriesKind = SurrogateKind | 'iaaft';

/** Values that are transformed at once: slower rhythms than these are not kept. */
const longest = 2 ** 20;
const iterations = 50;

type Maker = (values: Float64Array, stream: RandomStream) => Float64Array;

function turned(values: Float64Array, turn: (re: Float64Array, im: Float64Array) => void): Float64Array {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const re = values.map((x) => x - mean);
  const im = new Float64Array(re.length);
  const fourier = new Fourier(re.length);
  fourier.forward(re, im);
  turn(re, im);
  fourier.inverse(re, im);
  return re.map((x) => x + mean);
}

/**
 * Puts the root of the smoothed power in place of a spectrum: of a periodogram alone each frequency scatters as much as it is strong, and a Gaussian
 * series made of it would scatter twice. Means over up to 33 neighbouring frequencies (Daniell, J. R. Stat. Soc. Suppl. 8, 88 (1946)), fewer in short series.
 */
function smoothAmplitudes(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  const half = Math.min(16, Math.floor(Math.sqrt(n) / 8));
  const power = re.map((x, k) => x * x + im[k]! * im[k]!);
  // Sums from 1 on: the mean at frequency 0 is none of the spectrum. Frequencies k and n − k are the same.
  const sums = new Float64Array(n);
  for (let k = 1; k < n; k++) sums[k] = sums[k - 1]! + power[k]!;
  for (let k = 1; k < n; k++) {
    const [from, to] = [Math.max(1, k - half), Math.min(n - 1, k + half)];
    // At both ends as many neighbours on either side, so that k and n − k stay alike.
    const reach = Math.min(k - from, to - k);
    const [low, high] = [k - reach, k + reach];
    re[k] = Math.sqrt(Math.max(0, sums[high]! - sums[low - 1]!) / (2 * reach + 1));
    im[k] = 0;
  }
}

/**
 * Iterated amplitude-adjusted Fourier transform (Schreiber & Schmitz, Phys. Rev. Lett. 77, 635 (1996), doi:10.1103/PhysRevLett.77.635): from a
 * shuffled series, the spectrum and the distribution of values are put back in turn, until the order of the values settles or 50 times; values come last, and are exact.
 */
function iaaft(values: Float64Array, stream: RandomStream): Float64Array {
  const n = values.length;
  const sorted = values.slice().sort();
  const fourier = new Fourier(n);
  const amplitude = values.slice();
  let im = new Float64Array(n);
  fourier.forward(amplitude, im);
  for (let k = 0; k < n; k++) amplitude[k] = Math.hypot(amplitude[k]!, im[k]!);
  const out = values.slice();
  shuffleInPlace(out, stream);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let round = 0; round < iterations; round++) {
    const re = out.slice();
    im = new Float64Array(n);
    fourier.forward(re, im);
    for (let k = 0; k < n; k++) {
      const size = Math.hypot(re[k]!, im[k]!);
      const scale = size > 0 ? amplitude[k]! / size : 0;
      re[k]! *= scale;
      im[k]! *= scale;
    }
    fourier.inverse(re, im);
    order.sort((a, b) => re[a]! - re[b]! || a - b);
    let moved = false;
    order.forEach((at, rank) => {
      moved ||= out[at] !== sorted[rank];
      out[at] = sorted[rank]!;
    });
    if (!moved) break;
  }
  return out;
}

const makers: Record<SeriesKind, Maker> = {
  gaussian: (values, stream) =>
    turned(values, (re, im) => {
      smoothAmplitudes(re, im);
      gaussianAmplitudes(re, im, stream);
    }),
  phase: (values, stream) => turned(values, (re, im) => randomPhases(re, im, stream)),
  shuffle: (values, stream) => {
    const out = values.slice();
    shuffleInPlace(out, stream);
    return out;
  },
  iaaft,
};

/**
 * A null model of one series: `gaussian` with the same mean and (circular) autocovariance, its spectrum smoothed, `phase` with the same spectrum, `iaaft` with the same spectrum
 * and values, `shuffle` with the same values. Stretches between values that are not finite are made each for itself, in blocks of 2^20 values,
 * and what is not finite stays.
 * @param key names the series among others of the same seed
 */
export function seriesSurrogate(kind: SeriesKind, values: Float64Array, seed: number, key: number): Float64Array {
  const out = values.slice();
  for (let from = 0; from < values.length; ) {
    let end = from;
    while (end < values.length && end - from < longest && values[end]! - values[end]! === 0) end++;
    if (end - from > 1) {
      const stream = createStream(seed, surrogatePurpose.series, seriesKinds.indexOf(kind), key, from);
      out.set(makers[kind](values.subarray(from, end), stream), from);
    }
    from = Math.max(end, from + 1);
  }
  return out;
}
