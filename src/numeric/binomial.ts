import type { RandomStream } from './random.ts';

/** ln k! − [(k + ½) ln(k + 1) − (k + 1) + ½ ln 2π]. */
function stirlingRest(k: number): number {
  if (k < 10) return TABLE[k]!;
  const next = k + 1;
  const square = next * next;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / next;
}

const TABLE = Array.from({ length: 10 }, (_, k) => {
  let logFactorial = 0;
  for (let i = 2; i <= k; i++) logFactorial += Math.log(i);
  return logFactorial - ((k + 0.5) * Math.log(k + 1) - (k + 1) + 0.5 * Math.log(2 * Math.PI));
});

/**
 * A binomial count of n trials with probability p: by inversion where the mean is small, otherwise by transformed rejection
 * with squeeze (BTRS; Hörmann, J. Stat. Comput. Simul. 46, 101 (1993)). Exact, in time independent of n.
 */
export function binomial(stream: RandomStream, n: number, p: number): number {
  if (p > 0.5) return n - binomial(stream, n, 1 - p);
  if (!(p > 0) || n === 0) return 0;
  return n * p < 10 ? byInversion(stream, n, p) : byRejection(stream, n, p);
}

/** Sums geometric gaps between successes (Devroye 1986, X.4). */
function byInversion(stream: RandomStream, n: number, p: number): number {
  const log = Math.log1p(-p);
  let successes = 0;
  let trials = 0;
  for (;;) {
    trials += Math.floor(Math.log(stream.uniform()) / log) + 1;
    if (trials > n) return successes;
    successes++;
  }
}

function byRejection(stream: RandomStream, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const odds = p / (1 - p);
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((n + 1) * p);
  for (;;) {
    const u = stream.uniform() - 0.5;
    const v = stream.uniform();
    const room = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / room + b) * u + centre);
    if (room >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > n) continue;
    const height = Math.log((v * alpha) / (a / (room * room) + b));
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      stirlingRest(mode) +
      stirlingRest(n - mode) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) -
      stirlingRest(k) -
      stirlingRest(n - k);
    if (height <= bound) return k;
  }
}
