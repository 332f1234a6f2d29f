import { ParameterError } from '../error.ts';
import { checkProcessors } from './checked-engine.ts';
import type { Engine } from './engine.ts';

/**
 * Loads an engine when it is first asked for, so that heavy back ends cost nothing until then. Engines that compute on tensors take
 * the name of a backend, engines annealed and quenched `webgpu`; the others refuse that one and don't look at the rest.
 */
export type EngineLoader = (backend?: string) => Promise<Engine>;

/** Refuses a graphics card where the engine would silently not use it. @throws ParameterError */
function onProcessors(backend: string | undefined, made: Engine): Engine {
  checkProcessors(made.name, backend);
  return made;
}

const builtIn = {
  annealed: async (backend) =>
    backend === 'webgpu'
      ? (await import('./annealed-webgpu.ts')).annealedWebGpu
      : (await import('./annealed.ts')).annealed,
  effective: async (backend) => onProcessors(backend, (await import('./effective.ts')).effective),
  quenched: async (backend) =>
    backend === 'webgpu'
      ? (await import('./quenched-webgpu.ts')).quenchedWebGpu
      : (await import('./quenched.ts')).quenched,
  dense: async (backend = 'auto') => (await import('./dense.ts')).dense({ backend }),
  naive: async (backend) => onProcessors(backend, (await import('./naive.ts')).naive),
} satisfies Record<string, EngineLoader>;

const loaders = new Map<string, EngineLoader>(Object.entries(builtIn));

/** Names that {@link engine} knows, in the order of registration. */
export function engineNames(): string[] {
  return [...loaders.keys()];
}

/**
 * The engine of a name.
 * @param backend for engine dense: auto (default), tensorflow-gpu, webgpu, simd, wasm or cpu; for engines annealed and quenched: webgpu, or processors
 * @throws ParameterError (as a rejection) for an unknown name
 */
export async function engine(name: string, backend?: string): Promise<Engine> {
  const load = loaders.get(name);
  if (load === undefined)
    throw new ParameterError(`unknown engine '${name}'; known engines: ${engineNames().join(', ')}`);
  return load(backend);
}

/**
 * Makes an engine known by its name, in this thread; a function is called when the engine is first asked for.
 * @throws ParameterError where the name is one of a built-in engine
 */
export function registerEngine(name: string, made: Engine | EngineLoader): void {
  if (Object.hasOwn(builtIn, name)) throw new ParameterError(`'${name}' is a built-in engine; choose another name`);
  loaders.set(name, typeof made === 'function' ? made : async () => made);
}
