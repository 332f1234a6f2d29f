import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/** What processes have in their environment to find a module of the fixtures in place of the package webgpu, which that module may import. */
function inPlace(file: string): string {
  const provider = pathToFileURL(resolve(import.meta.dirname, '../fixtures/webgpu', file)).href;
  const hook = `export const resolve = (name, context, next) => name === 'webgpu' && context.parentURL !== '${provider}' ? { url: '${provider}', shortCircuit: true } : next(name, context);`;
  return `--import ${url(`import { register } from 'node:module'; register(${JSON.stringify(url(hook))});`)}`;
}

/**
 * What processes have in their environment to find a broken card in place of the package webgpu.
 * @param how `<what> <when>`: abort, segfault, hang or refuse; looking, opening, compiling or computing. `none` there is, `zeros` are what it computes
 */
export const brokenCard = (how: string): Record<'NODE_OPTIONS' | 'CRACKLE_ADAPTER', string> => ({
  NODE_OPTIONS: inPlace('broken.mjs'),
  CRACKLE_ADAPTER: how,
});

/**
 * The same for an adapter that is there, and fails with kernels of a run only.
 * @param how as test/fixtures/webgpu/failing.mjs has it
 */
export const failingCard = (how: string): Record<'NODE_OPTIONS' | 'CARD_FAILS', string> => ({
  NODE_OPTIONS: inPlace('failing.mjs'),
  CARD_FAILS: how,
});
