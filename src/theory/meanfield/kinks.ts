import type { ActivationFunction } from './activation-function.ts';

const step = 1 / 64;
const range = 16;

/**
 * Where φ' or φ'' jumps: as declared, or found by bisection of the places where it changes fast between neighbouring points of a
 * grid on [−16, 16]. A steep but smooth change shrinks with the interval, a jump stays.
 */
export function kinksOf({ kinks, derivative, secondDerivative }: ActivationFunction): readonly number[] {
  return kinks ?? discontinuities([derivative, secondDerivative]);
}

const jumps = new WeakMap<ActivationFunction, readonly number[]>();

/** Where φ itself jumps, within |x| ≤ 16. */
export function jumpsOf(activation: ActivationFunction): readonly number[] {
  const found = jumps.get(activation) ?? discontinuities([activation.phi]);
  jumps.set(activation, found);
  return found;
}

function discontinuities(functions: readonly ((x: number) => number)[]): number[] {
  const found = new Set<number>();
  for (const f of functions) {
    let left = -range;
    let atLeft = f(left);
    while (left < range) {
      const right = left + step;
      const atRight = f(right);
      const jump = Math.abs(atRight - atLeft);
      if (jump > 1e-3) {
        const x = bisect(f, left, right);
        if (x !== undefined) found.add(x);
      }
      left = right;
      atLeft = atRight;
    }
  }
  return [...found].sort((a, b) => a - b);
}

function bisect(f: (x: number) => number, from: number, to: number): number | undefined {
  let [left, right] = [from, to];
  const whole = Math.abs(f(to) - f(from));
  while (right - left > 1e-13) {
    const middle = (left + right) / 2;
    const value = f(middle);
    if (Math.abs(value - f(left)) > Math.abs(f(right) - value)) right = middle;
    else left = middle;
  }
  if (Math.abs(f(right) - f(left)) < 0.1 * whole) return undefined;
  // Kinks sit at round numbers more often than beside them.
  const rounded = Math.round(right * 1e9) / 1e9;
  return Math.abs(right - rounded) < 1e-12 ? rounded + 0 : right;
}
