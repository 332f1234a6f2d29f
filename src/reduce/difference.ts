/** A result with all that it makes on demand made, as plain objects and arrays; maps by their keys as texts, as their order says nothing. */
function made(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [String(key), each]));
  if (value instanceof Set) return [...value].map(String).sort();
  return Symbol.iterator in value ? Array.from(value as Iterable<unknown>) : value;
}

function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/**
 * Where two results differ first, and how: `.mean[3] is 1.2, expected 1.3`; undefined where they don't.
 * @param tolerance of numbers, relative to the larger of the two
 */
export function difference(found: unknown, expected: unknown, tolerance: number, path = ''): string | undefined {
  const [a, b] = [made(found), made(expected)];
  const differs = `${path === '' ? 'the result' : path} is ${shown(a)}, expected ${shown(b)}`;
  if (typeof a === 'number' && typeof b === 'number') {
    const same = Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
    return same ? undefined : differs;
  }
  if (typeof a === 'function' && typeof b === 'function') return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b ? undefined : differs;
  if (ArrayBuffer.isView(a) || Array.isArray(a)) {
    const [x, y] = [a as ArrayLike<unknown>, b as Partial<ArrayLike<unknown>>];
    if (x.length !== y.length)
      return `${path === '' ? 'the result' : path} has length ${x.length}, expected ${y.length}`;
    for (let i = 0; i < x.length; i++) {
      const inner = difference(x[i], y[i], tolerance, `${path}[${i}]`);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [x, y] = [a, b].map((each) => (each as Record<string, unknown>)[key]);
    const inner = difference(x, y, tolerance, `${path}.${key}`);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
