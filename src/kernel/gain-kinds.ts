/** Kinds of the gain of an annealed layer, by their numbers in `assembly/annealed/gain.ts`. */
export const gainKinds = ['linear', 'leaky-relu', 'hard-tanh', 'tanh', 'erf', 'sin', 'silu', 'gelu'] as const;

export type GainKind = (typeof gainKinds)[number];

/** Beyond this variance a float32 angle no longer tells where in its period the sine is. */
export const SIN_LIMIT = 1e6;

/** The kind of an activation by its name, parameters and all: relu is leaky-relu with slope 0. Undefined where it has none. */
export function gainKind(activation: string): GainKind | undefined {
  const name = activation.replace(/\(.*/, '');
  return name === 'relu' ? 'leaky-relu' : gainKinds.find((kind) => kind === name);
}
