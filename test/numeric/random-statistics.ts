/** Largest distance between an empirical and a given distribution function, times √n. */
export function kolmogorov(sample: Float64Array, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const p = cdf(sorted[i]!);
    distance = Math.max(distance, (i + 1) / n - p, p - i / n);
  }
  return distance * Math.sqrt(n);
}

/** Two-sample Kolmogorov–Smirnov distance times √(nm/(n+m)). Ties are handled: the distance is taken between distinct values. */
export function kolmogorovTwo(first: Float64Array, second: Float64Array): number {
  const a = Float64Array.from(first).sort();
  const b = Float64Array.from(second).sort();
  let i = 0;
  let j = 0;
  let distance = 0;
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= x) i++;
    while (j < b.length && b[j]! <= x) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return distance * Math.sqrt((a.length * b.length) / (a.length + b.length));
}

/** P(K > 2.226) = 1e-4 in the limit of large samples: 2·exp(−2·2.226²). */
export const KOLMOGOROV_1E4 = 2.226;
/** P(|z| > 3.891) = 1e-4. */
export const NORMAL_1E4 = 3.891;

/** Pearson's correlation times √n: a standard normal for independent pairs. */
export function correlation(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  const meanX = x.reduce((sum, v) => sum + v, 0) / n;
  const meanY = y.reduce((sum, v) => sum + v, 0) / n;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return (xy / Math.sqrt(xx * yy)) * Math.sqrt(n);
}

/** χ² of counts against a uniform expectation, as a normal deviate (Wilson–Hilferty). */
export function uniformCounts(counts: ArrayLike<number>): number {
  const n = Array.from(counts).reduce((sum, c) => sum + c, 0);
  const expected = n / counts.length;
  let chi = 0;
  for (let i = 0; i < counts.length; i++) chi += (counts[i]! - expected) ** 2 / expected;
  const k = counts.length - 1;
  return (Math.cbrt(chi / k) - (1 - 2 / (9 * k))) / Math.sqrt(2 / (9 * k));
}
