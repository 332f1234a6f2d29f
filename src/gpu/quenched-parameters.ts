import { ParameterError } from '../error.ts';
import type { AnnealedLaw } from '../kernel/annealed.ts';
import { hashKey } from '../numeric/random-key.ts';
import { NETWORK_PARAMETER_WORDS } from './quenched.wgsl.ts';
import { MOST_SHARING } from './quenched-slots.ts';

/** Third word of the key of a network's normals: (seed, ensemble, purpose, network). */
export const PURPOSE = 0x77677175;
/** Neurons and layers of a network in a round, as dear as `costOf` says: at most where windows follow from options, at least where a card's pace says how many. */
export const ROUND = 4e6;
/** Neurons times what a layer costs a perturbation and its company: beyond it a layer takes a workgroup too long. */
const LARGEST = 1e9;

/** What engine quenched has to know: that of engine annealed, and how many share a network. */
export interface QuenchedLaw extends AnnealedLaw {
  readonly reuse: number;
}

/** What a layer costs a workgroup where so many rows go through it, a row alone being 4: as the kernel counts it. */
export function costOf(rows: number): number {
  const padded = 4 * Math.ceil(rows / 4);
  return Math.ceil((padded * (padded + 48)) / 64);
}

/** @throws ParameterError for networks that a card doesn't take */
export function checkSharing({ reuse, width }: Pick<QuenchedLaw, 'reuse' | 'width'>): void {
  const most = Math.min(MOST_SHARING, Math.floor(Math.sqrt(LARGEST / width + 24 ** 2) - 24));
  if (reuse <= most) return;
  throw new ParameterError(
    `backend webgpu takes engine quenched up to reuse ${most} at width ${width}, got ${reuse}; engine quenched takes more without`,
  );
}

/** x as m·2^e, m in [1, 2). */
function binary(x: number): readonly [number, number] {
  if (x === 0) return [0, 0];
  let e = Math.floor(Math.log2(x));
  if (x / 2 ** e >= 2) e++;
  if (x / 2 ** e < 1) e--;
  const m = Math.fround(x / 2 ** e);
  return m === 2 ? [1, e + 1] : [m, e];
}

/** The words of the uniform block that every dispatch of a setup has. */
export function networkBlock(setup: QuenchedLaw): ArrayBuffer {
  const block = new ArrayBuffer(4 * NETWORK_PARAMETER_WORDS);
  const [words, integers, floats] = [new Uint32Array(block), new Int32Array(block), new Float32Array(block)];
  const { width, depth, weightVariance, biasVariance, inputStrength, activation } = setup;
  integers.set(hashKey(setup.seed, [setup.ensemble, PURPOSE], 3));
  words.set([width, depth], 4);
  [floats[9], integers[10]] = binary(inputStrength);
  floats[11] = activation.argument ?? 0;
  // Twice the precision: a rounded σw²/N would be a drift of its own at large widths.
  const pair = (x: number): number[] => [x, x - Math.fround(x)];
  floats.set([...pair(weightVariance / width), ...pair(1 / width)], 12);
  [floats[16], integers[17]] = binary(Math.sqrt(biasVariance));
  return block;
}
