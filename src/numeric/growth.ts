/**
 * How strength grew over steps from a layer to the next: Π s_(l+1)/s_l = product · 2^exponent. Along a path it telescopes, so that two strengths tell it;
 * a product has the same bits in whatever counts it, where a logarithm hasn't.
 */
export interface Growth {
  steps: number;
  product: number;
  exponent: number;
}

/** No step yet. */
export const noGrowth = (): Growth => ({ steps: 0, product: 1, exponent: 0 });

/** Twofold of what the product may be, and a ratio: their product is finite, and not 0. */
const MOST = 2 ** 512;
const LEAST = 2 ** -512;

/**
 * Counts steps along a path by its two ends. A step to strength 0 has no logarithm: it is left out, the steps before it aren't.
 * @param from strength of the layer that the first step begins in
 * @param to strength that the last step leads to
 * @param before strength of the layer before that one
 */
export function grow(growth: Growth, from: number, to: number, steps: number, before: number): void {
  const died = to === 0;
  const counted = died ? steps - 1 : steps;
  const ratio = (died ? before : to) / from;
  if (counted < 1 || !(ratio > LEAST && ratio < MOST)) return;
  let { product, exponent } = growth;
  product *= ratio;
  // Powers of two are exact: bits don't depend on when.
  if (product > MOST) {
    product *= LEAST;
    exponent += 512;
  } else if (product < LEAST) {
    product *= MOST;
    exponent -= 512;
  }
  growth.steps += counted;
  growth.product = product;
  growth.exponent = exponent;
}

/** Σ ln (s_(l+1)/s_l) over the steps. */
export const logGrowth = ({ product, exponent }: Growth): number => Math.log(product) + exponent * Math.LN2;
