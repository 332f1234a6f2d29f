/** Result of a Kolmogorov–Smirnov test. */
export interface KolmogorovSmirnov {
  /** Largest distance between the distribution functions. */
  readonly distance: number;
  /** Probability of a distance this large or larger under equal laws; conservative (too large) where values are tied. */
  readonly p: number;
}

/** Asymptotic P(K ≥ x) of Kolmogorov's distribution. */
function kolmogorov(x: number): number {
  if (x < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

const ascending = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort();

/** Two-sample test: are a and b drawn from one law? Ties count as one step. */
export function twoSample(a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnov {
  const [x, y] = [ascending(a), ascending(b)];
  let distance = 0;
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! <= value) i++;
    while (j < y.length && y[j]! <= value) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  return { distance, p: kolmogorov(distance * Math.sqrt((x.length * y.length) / (x.length + y.length))) };
}

/** One-sample test against a continuous distribution function. */
export function oneSample(a: ArrayLike<number>, distribution: (x: number) => number): KolmogorovSmirnov {
  const x = ascending(a);
  let distance = 0;
  x.forEach((value, i) => {
    const at = distribution(value);
    distance = Math.max(distance, at - i / x.length, (i + 1) / x.length - at);
  });
  return { distance, p: kolmogorov(distance * Math.sqrt(x.length)) };
}
