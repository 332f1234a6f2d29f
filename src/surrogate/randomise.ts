import type { RandomStream } from '../numeric/random.ts';

/** Multiplies a spectrum by random phases, opposite ones at k and n − k so that the series stays real; the mean stays as it is. */
export function randomPhases(re: Float64Array, im: Float64Array, stream: RandomStream): void {
  turned(re, im, () => {
    const angle = 2 * Math.PI * stream.uniform();
    return [Math.cos(angle), Math.sin(angle)];
  });
}

/**
 * Multiplies a spectrum by complex normal numbers of mean square 1, conjugate ones at k and n − k: a Gaussian series whose circular
 * autocovariance is that of the series on average. The mean stays as it is.
 */
export function gaussianAmplitudes(re: Float64Array, im: Float64Array, stream: RandomStream): void {
  turned(
    re,
    im,
    () => [stream.normal() * Math.SQRT1_2, stream.normal() * Math.SQRT1_2],
    () => stream.normal(),
  );
}

function turned(
  re: Float64Array,
  im: Float64Array,
  factor: () => [re: number, im: number],
  /** At the Nyquist frequency, which is its own mirror: real, of mean square 1. */
  own: () => number = () => (factor()[0] < 0 ? -1 : 1),
): void {
  const n = re.length;
  for (let k = 1; 2 * k < n; k++) {
    const [c, s] = factor();
    const x = re[k]! * c - im[k]! * s;
    const y = re[k]! * s + im[k]! * c;
    re[k] = x;
    im[k] = y;
    re[n - k] = x;
    im[n - k] = -y;
  }
  if (n % 2 === 0 && n > 1) {
    const sign = own();
    re[n / 2]! *= sign;
    im[n / 2]! *= sign;
  }
}
