const parts = (name: string): string[] => name.match(/\d+|\D+/g) ?? [];

/** Compares names as people count: `layers.2` before `layers.10`. */
export function naturally(a: string, b: string): number {
  const [as, bs] = [parts(a), parts(b)];
  for (let i = 0; i < Math.min(as.length, bs.length); i++) {
    const [x, y] = [as[i]!, bs[i]!];
    if (x === y) continue;
    const difference = Number(x) - Number(y);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
    return x < y ? -1 : 1;
  }
  return as.length - bs.length;
}

/** Whether a pattern (`*` any characters, `?` one) is a name's. */
export function matches(pattern: string, name: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(name);
}

/** What weights are called at the end of their names, with what their biases are called. */
const ends: readonly (readonly [weights: RegExp, bias: string])[] = [
  [/weights?(?=[^a-z]*$)/, 'bias'],
  [/kernels?(?=[^a-z]*$)/, 'bias'],
  [/W(?=[^a-zA-Z]*$)/, 'b'],
  [/w(?=[^a-zA-Z]*$)/, 'b'],
];

/** What the biases that belong to weights may be called: `fc1.bias` for `fc1.weight`, `b1` for `W1`, `arr_3` for `arr_2`. */
export function biasNames(weights: string): string[] {
  const positional = /^arr_(\d+)$/.exec(weights)?.[1];
  if (positional !== undefined) return [`arr_${Number(positional) + 1}`];
  return ends.flatMap(([end, bias]) =>
    end.test(weights) ? [weights.replace(end, bias), weights.replace(end, bias === 'bias' ? 'biases' : 'bias')] : [],
  );
}

/** How weights lie by how they are called: Keras and Flax have kernels (in × out), PyTorch weights (out × in). */
export function layoutByName(name: string): 'in-out' | 'out-in' | undefined {
  if (ends[1]![0].test(name)) return 'in-out';
  return ends[0]![0].test(name) ? 'out-in' : undefined;
}
