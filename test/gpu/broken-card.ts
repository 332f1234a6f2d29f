import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const provider = pathToFileURL(resolve(import.meta.dirname, '../fixtures/webgpu/broken.mjs')).href;
const hook = `export const resolve = (name, context, next) => name === 'webgpu' ? { url: '${provider}', shortCircuit: true } : next(name, context);`;
const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/**
 * What processes have in their environment to find a broken card in place of the package webgpu.
 * @param how `<what> <when>`: abort, segfault, hang or refuse; looking, opening, compiling or computing. `none` there is, `zeros` are what it computes
 */
export const brokenCard = (how: string): Record<'NODE_OPTIONS' | 'CRACKLE_ADAPTER', string> => ({
  NODE_OPTIONS: `--import ${url(`import { register } from 'node:module'; register(${JSON.stringify(url(hook))});`)}`,
  CRACKLE_ADAPTER: how,
});
