import { ParameterError } from '../error.ts';
import type { AnnealedLaw } from '../kernel/annealed.ts';
import { type GainKind, gainKind, gainKinds, SIN_LIMIT } from '../kernel/gain-kinds.ts';
import { hashKey } from '../numeric/random-key.ts';
import type { FirstPassage } from '../shortcut.ts';
import { PARAMETER_WORDS } from './params.wgsl.ts';
import { UNIT } from './random.wgsl.ts';

/** Third word of the key of a perturbation's squares: (seed, ensemble, purpose, perturbation). */
const PURPOSE = 0x77677075;

/** @throws ParameterError for an activation without lanes of its own */
export function kindOf(
  law: Pick<AnnealedLaw, 'activation' | 'weightVariance' | 'biasVariance' | 'inputStrength'>,
  engine: 'annealed' | 'quenched' = 'annealed',
): GainKind {
  const { weightVariance, biasVariance, inputStrength } = law;
  const { name } = law.activation;
  const kind = gainKind(name);
  if (kind === undefined) {
    const known = ['relu', ...gainKinds].join(', ');
    throw new ParameterError(
      `backend webgpu knows the activations ${known}, not '${name}'; engine ${engine} takes it without`,
    );
  }
  if (kind === 'sin' && Math.max(weightVariance + biasVariance, inputStrength ** 2) > SIN_LIMIT) {
    throw new ParameterError(
      `backend webgpu takes sin up to a variance of ${SIN_LIMIT}; engine ${engine} takes more without`,
    );
  }
  return kind;
}

/** What is made of strengths, and for how many perturbations at a time; a round of rows makes so many at most. */
export type Plan = { readonly slots: number } & (
  | { readonly output: 'rows'; readonly rows: number }
  | ({ readonly output: 'avalanches' } & Pick<FirstPassage, 'leavesOut' | 'points' | 'excessProfile'>)
);

/** Kinds that saturate, and a strength of inputs at which all of their neurons do: the variance of stronger ones is beyond the kernel's units. */
const saturating: readonly (GainKind | undefined)[] = ['hard-tanh', 'tanh', 'erf'];
const SATURATED = 2 ** 55;

/** x² as m·2^e, e divisible by 32 and m in [2⁻¹⁶, 2¹⁶): nothing underflows. */
function square(x: number): readonly [number, number] {
  if (x === 0) return [0, 0];
  const root = 16 * Math.floor((Math.log2(x) + 8) / 16);
  return [(x / 2 ** root) ** 2, 2 * root];
}

/** The words of the uniform block that every dispatch of a setup has. @param stride strengths of a slot */
export function parameterBlock(setup: AnnealedLaw, plan: Plan, stride: number): ArrayBuffer {
  const block = new ArrayBuffer(4 * PARAMETER_WORDS);
  const [words, integers, floats] = [new Uint32Array(block), new Int32Array(block), new Float32Array(block)];
  const { width, depth, weightVariance, biasVariance, inputStrength, activation, floor } = setup;
  integers.set(hashKey(setup.seed, [setup.ensemble, PURPOSE], 3));
  words.set([width, depth, 0, stride], 4);
  words[10] = floor === null ? 0 : typeof floor === 'number' ? 1 : 2;
  words[11] = plan.output === 'avalanches' && plan.excessProfile ? 1 : 0;
  // Twice the precision: a rounded σw²/N would be a drift of its own at large widths.
  const pair = (x: number): number[] => [x, x - Math.fround(x)];
  floats.set([...pair((UNIT * weightVariance) / width), ...pair(UNIT / width)], 12);
  for (const [at, root] of [
    [16, saturating.includes(gainKind(activation.name)) ? Math.min(inputStrength, SATURATED) : inputStrength],
    [18, Math.sqrt(biasVariance)],
  ] as const) {
    const [mantissa, exponent] = square(root);
    floats[at] = mantissa;
    integers[at + 1] = exponent;
  }
  floats[20] = (activation.argument ?? 0) ** 2;
  words[21] = plan.output === 'avalanches' && plan.leavesOut ? 1 : 0;
  words[22] = biasVariance === 0 ? 32 << 23 : 0;
  words[24] = plan.output === 'avalanches' ? plan.points : 0;
  return block;
}
