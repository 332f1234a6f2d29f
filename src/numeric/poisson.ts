import type { RandomStream } from './random.ts';

/** Means from here on go by rejection; below, one uniform is inverted. */
const LARGE = 10;
/** Beyond this a variate is its mean to float32 precision, and its logarithm of a factorial no longer exact. */
const HUGE = 2 ** 53;

/** Uniform on (0, 1) with 53 bits: an inverted tail is right down to 1e-16. */
const uniform53 = (stream: RandomStream): number =>
  ((stream.nextUint32() >>> 5) * 67108864 + (stream.nextUint32() >>> 6) + 0.5) / 9007199254740992;

/**
 * A Poisson variate: by inversion for small means, else by transformed rejection with squeeze (PTRS; Hörmann, Insurance: Math. & Econ. 12,
 * 39 (1993), doi:10.1016/0167-6687(93)90997-4). Means beyond 2⁵³ are returned as they are.
 * @param mean ≥ 0
 */
export function poisson(stream: RandomStream, mean: number): number {
  if (mean === 0) return 0;
  if (!(mean < HUGE)) return mean;
  return mean < LARGE ? inverted(uniform53(stream), mean) : rejected(stream, mean);
}

function inverted(u: number, mean: number): number {
  let probability = Math.exp(-mean);
  let below = probability;
  let k = 0;
  while (u > below && probability > 0) {
    k++;
    probability *= mean / k;
    below += probability;
  }
  return k;
}

function rejected(stream: RandomStream, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const logMean = Math.log(mean);
  for (;;) {
    const u = stream.uniform() - 0.5;
    const v = stream.uniform();
    const side = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / side + b) * u + mean + 0.43);
    if (side >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (side < 0.013 && v > side)) continue;
    if (Math.log((v * inverseAlpha) / (a / (side * side) + b)) <= k * logMean - mean - logFactorial(k)) return k;
  }
}

const small = Float64Array.from({ length: 16 }, (_, k) => {
  let log = 0;
  for (let i = 2; i <= k; i++) log += Math.log(i);
  return log;
});

/** ln k!, by Stirling's series from 16 on: right to 1e-12. */
function logFactorial(k: number): number {
  if (k < small.length) return small[k]!;
  const inverse = 1 / k;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (k + 0.5) * Math.log(k) - k + 0.9189385332046728 + series;
}
