import { serialize } from 'node:v8';
import { arithmeticOf, cardOf } from '../propagation/arithmetic.ts';
import { ownRun, untriedNote } from '../propagation/own-run.ts';
import { ownBuild } from '../store/build.ts';
import { digest } from '../store/digest.ts';
import { surroundings } from '../store/surroundings.ts';

/** All that two machines must have in common to compute the same bits, and to read each other's messages. */
export interface Arithmetic {
  readonly crackle: string;
  /** Digest of what it was built of; none where it runs from its sources. */
  readonly build?: string;
  /** As the manifest has it: kernels, and the card or native library where the run computes on one. */
  readonly kernel: string;
  /** Digest of values of Math's functions, whose last bits the language leaves to the engine. */
  readonly math: string;
  /** Version of V8's format for structured clones: an older engine can't read a newer one's. */
  readonly clones: number;
  readonly node: string;
}

const functions = [
  Math.exp, Math.expm1, Math.log, Math.log1p, Math.log2, Math.log10, Math.sin, Math.cos, Math.tan, Math.asin, Math.acos, Math.atan,
  Math.sinh, Math.cosh, Math.tanh, Math.asinh, Math.acosh, Math.atanh, Math.cbrt, Math.sqrt,
] as const; // biome-ignore format: a list

let math: string | undefined;

/** Of function values at 500 arguments from 1e-8 to 1e2, spread evenly in their logarithm. Powers are no engine's (numeric/power.ts). */
export function mathDigest(): string {
  const values: number[] = [];
  for (let i = 0, x = 1e-8; i < 500; i++, x *= 1.0471285480508996) {
    for (const f of functions) values.push(f(x), f(-x));
    values.push(Math.hypot(x, 1), Math.atan2(x, 0.3));
  }
  // The bits of what is not a number differ from call to call.
  const exact = Float64Array.from(values, (value) => (Number.isNaN(value) ? 0 : value));
  return digest(new Uint8Array(exact.buffer)).slice(0, 16);
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Tries the kernels of a run, of a pipeline in this module, on the card that it computes on, if it does.
 * @returns why they could not be tried, in a sentence, where that is so
 * @throws BackendError (as a rejection) where there is no card, or it fails
 */
export async function untriedKernels(values: Values, module: string): Promise<string | undefined> {
  if (values.backend !== 'webgpu') return undefined;
  return untriedNote(await cardOf(values, { own: ownRun(values, module) }));
}

/**
 * What this process computes a run of these parameters with.
 * @throws BackendError (as a rejection) where it has no such card or library
 */
export async function arithmetic(values: Values = {}): Promise<Arithmetic> {
  const { crackle, node } = surroundings();
  math ??= mathDigest();
  return {
    crackle,
    ...(ownBuild === undefined ? {} : { build: ownBuild }),
    kernel: await arithmeticOf(values),
    math,
    clones: serialize(null)[1]!,
    node,
  };
}
