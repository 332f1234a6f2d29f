import { PURPOSE } from '../../src/gpu/quenched-parameters.ts';
import { absorb, hashKey } from '../../src/numeric/random-key.ts';
import { type Chain, layerKey, wordsOf } from './reference.ts';

/** The key of a network's normals. */
function networkKey(seed: number, ensemble: number, network: number): number[] {
  const hash = hashKey(seed, [ensemble, PURPOSE], 3);
  absorb(hash, network | 0, Math.floor(network / 2 ** 32));
  return [...hash];
}

/** Row k of a layer's normals in float64, from the words that the card draws. */
function row(key: readonly number[], k: number, width: number): number[] {
  const quads = Math.ceil(width / 4);
  return Array.from({ length: quads }, (_, q) => {
    const [w0, w1, ...words] = wordsOf(key, k * quads + q) as [number, number, number, number];
    const e = [w0, w1].map((word) => -2 * Math.log(Math.min(1, (word + 0.5) / 2 ** 32)));
    const small = words.map((word, i) => e[i]! * Math.sin((word | 0) * Math.PI * 2 ** -33) ** 2);
    return [0, 1, 2, 3].map((at) => {
      const i = at % 2;
      const word = words[i]!;
      const sign = ((word >>> (at < 2 ? 6 : 5)) & 1) === 1 ? 1 : -1;
      return sign * Math.sqrt(at < 2 === (word >>> 31 === 1) ? small[i]! : e[i]! - small[i]!);
    });
  })
    .flat()
    .slice(0, width);
}

const mean = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0) / a.length;

/** Factor of a correlation matrix with complete pivoting, of full rank: rows in the order of pivots, and that order. */
function cholesky(c: readonly (readonly number[])[]): { factor: number[][]; order: number[] } {
  const n = c.length;
  const l = c.map(() => [] as number[]);
  const left = c.map(() => 1);
  const order: number[] = [];
  for (let k = 0; k < n; k++) {
    let p = -1;
    for (let i = 0; i < n; i++) if (!order.includes(i) && (p < 0 || left[i]! > left[p]!)) p = i;
    const rest = c.map((entries, i) => entries[p]! - l[i]!.slice(0, k).reduce((sum, x, j) => sum + x * l[p]![j]!, 0));
    const root = Math.sqrt(rest[p]!);
    for (let i = 0; i < n; i++) {
      l[i]!.push(order.includes(i) ? 0 : rest[i]! / root);
      left[i]! -= l[i]![k]! ** 2;
    }
    order.push(p);
  }
  return { factor: order.map((i) => l[i]!), order };
}

/** Strengths of the perturbations of a network, each to the first below the floor, by the recursion of Gram matrices in float64. */
export function networkStrengths(
  chain: Chain & { readonly floor: number },
  reuse: number,
  place: { seed: number; ensemble: number; network: number },
  postActivation = false,
): number[][] {
  const { activation, width, depth, weightVariance, biasVariance, inputStrength } = chain;
  const key = networkKey(place.seed, place.ensemble, place.network);
  const found = Array.from({ length: reuse }, () => [] as number[]);
  let slots = found.map((_, i) => i);
  let h = slots
    .map((k) => row(layerKey(key, 0), k, width))
    .map((z) => z.map((x) => (x * inputStrength) / Math.sqrt(mean(z, z))));
  for (let layer = 1; layer <= depth && h.length > 0; layer++) {
    const x = h.map((neurons) => neurons.map(activation.phi));
    const k = x.map((a) => x.map((b) => weightVariance * mean(a, b) + biasVariance));
    const d = k.map((entries, i) => Math.sqrt(entries[i]!));
    const { factor, order } = cholesky(k.map((entries, i) => entries.map((entry, j) => entry / (d[i]! * d[j]!))));
    const z = order.map((_, column) => row(layerKey(key, layer), column, width));
    h = factor.map((weights, i) =>
      z[0]!.map((_, neuron) => d[order[i]!]! * weights.reduce((sum, w, column) => sum + w * z[column]![neuron]!, 0)),
    );
    slots = order.map((i) => slots[i]!);
    const goes = h.map((neurons, i) => {
      const seen = postActivation ? neurons.map(activation.phi) : neurons;
      const strength = Math.sqrt(mean(seen, seen));
      found[slots[i]!]!.push(strength);
      return strength >= chain.floor;
    });
    h = h.filter((_, i) => goes[i]);
    slots = slots.filter((_, i) => goes[i]);
  }
  return found;
}
