import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import module from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { didYouMean, isExpected, ParameterError, PipelineError } from '../error.ts';
import type { Pipeline } from '../pipeline.ts';
import { bundled } from '../schema/package-root.ts';
import { defineTable } from '../schema/table.ts';
import { blame } from './blame.ts';
import { builtInFolder, builtInUrl, isBuiltIn, ownExtension, pipelineNames } from './built-in.ts';
import { compileTypeScript } from './compiler.ts';
import type { ModuleFiles } from './imported-files.ts';

/**
 * A user's file may lie anywhere: `crackle` in it means this very package, sources or build, whichever runs, and `apache-arrow` the copy that
 * this one is made with; packages that can't be found from there (rxjs) are looked up from here; and TypeScript is a module also where no
 * package.json says so, by its own address: tsx gives what it takes for CommonJS another one (`…ts%3F…`), from where what it imports is required.
 * What CommonJS requires is left alone.
 * @param later `async` for a thread of hooks (`register`), nothing for hooks that answer at once (`registerHooks`)
 */
const resolveHook = (later: 'async ' | ''): string => {
  const next = `${later === '' ? '' : 'await '}next`;
  return `
const own = ${JSON.stringify(new URL(`../index${ownExtension}`, import.meta.url).href)};
const arrow = ${JSON.stringify(new URL(`../flow/own-arrow${ownExtension}`, import.meta.url).href)};
const builtIn = (name) => ${JSON.stringify(builtInFolder.href)} + name + ${JSON.stringify(ownExtension)};
const here = ${JSON.stringify(import.meta.url)};
${later}function find(specifier, context, next) {
  if (specifier === 'crackle') return ${next}(own, context);
  if (specifier === 'apache-arrow' && context.parentURL !== arrow) return ${next}(arrow, context);
  if (specifier.startsWith('crackle/pipelines/')) return ${next}(builtIn(specifier.slice(18)), context);
  try {
    return ${next}(specifier, context);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || /^[./]|:/.test(specifier)) throw error;
    return ${next}(specifier, { ...context, parentURL: here });
  }
}
export ${later}function resolve(specifier, context, next) {
  if (context.conditions?.includes('require')) return ${next}(specifier, context);
  const found = ${later === '' ? '' : 'await '}find(specifier, context, next);
  const [, file, own] = /^([^?#]*?[.]ts)(%3F.*|[?#].*)?$/.exec(found.url) ?? [];
  if (file === undefined || file.includes('/node_modules/') || !found.format?.startsWith('commonjs')) return found;
  return { ...found, url: own?.startsWith('%3F') ? file : found.url, format: found.format.replace('commonjs', 'module') };
}`;
};

const dataUrl = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;

/**
 * As the compiler does it: hooks that answer at once come before those of a thread, whoever was registered first, and so one kind of ours after
 * another kind of tsx's would hear TypeScript called CommonJS. Node 26 warns of threads of hooks.
 */
async function redirectImports(): Promise<void> {
  if (typeof module.registerHooks !== 'function') module.register(dataUrl(resolveHook('async ')));
  else module.registerHooks((await import(dataUrl(resolveHook('')))) as { resolve: module.ResolveHookSync });
}

let noTypeScript: PipelineError | undefined;
let prepared: Promise<void> | undefined;

/**
 * Loads what a user's file imports of this package, before hooks are registered: these are asked about every import of every module loaded later, and
 * the package has some five hundred, which would take half of the time in which a small run starts.
 */
async function loadOwn(url: string): Promise<void> {
  if (ownExtension !== '.js' || bundled) return;
  await import(new URL('../index.js', import.meta.url).href);
  const text = await readFile(new URL(url), 'utf8').catch(() => '');
  for (const name of pipelineNames()) if (text.includes(`crackle/pipelines/${name}`)) await import(builtInUrl(name));
}

function prepare(url: string): Promise<void> {
  prepared ??= (async () => {
    await loadOwn(url);
    noTypeScript = await compileTypeScript();
    await redirectImports();
  })();
  return prepared;
}

/**
 * URL of the module of a pipeline.
 * @param name a built-in name, or the path of a file
 * @throws ParameterError where there is none
 */
export function pipelineUrl(name: string): string {
  if (!bundled && pipelineNames().includes(name)) return builtInUrl(name);
  const path = resolve(name);
  if (bundled && !/[./\\]/.test(name))
    throw new ParameterError(
      `pipeline '${name}' can't be named in a bundle: leave crackle out of it (esbuild --external:crackle), or give the pipeline itself`,
    );
  if (/\.[cm]?[jt]s$/.test(name) && existsSync(path)) return pathToFileURL(path).href;
  const isFile = /[./\\]/.test(name);
  if (isFile && existsSync(path))
    throw new ParameterError(`'${name}' is no pipeline: its file must end in .ts, .mts, .js or .mjs`);
  const reason = isFile ? 'there is no such file' : 'there is no such pipeline';
  const meant = didYouMean(name, pipelineNames()) || `; built-in pipelines: ${pipelineNames().join(', ')}`;
  throw new ParameterError(`unknown pipeline '${name}': ${reason}${meant}`);
}

function isPipeline(value: unknown): value is Pipeline {
  const candidate = value as Partial<Pipeline> | null | undefined;
  return (
    typeof candidate?.compose === 'function' &&
    typeof candidate.name === 'string' &&
    typeof candidate.parameters === 'object'
  );
}

/** Makes the tables of a pipeline's own known in this thread, whichever copy of crackle it was defined with. */
export function knowTables({ records = [], tables = [] }: Pick<Pipeline, 'records' | 'tables'>): void {
  for (const table of [...records, ...tables]) if (typeof table !== 'string') defineTable(table);
}

/**
 * Imports a pipeline module by its URL. TypeScript runs as it is.
 * @param files what its files are to hold
 * @throws PipelineError where the module doesn't load or its default export isn't a pipeline; StoreError where a file holds something else
 */
export async function loadPipeline(url: string, files?: ModuleFiles): Promise<Pipeline> {
  const own = isBuiltIn(url);
  const shown = url.startsWith('file:') ? fileURLToPath(url) : url;
  // Built pipelines find `crackle` as the package that they are part of; from sources that would be its last build.
  if (!own || ownExtension === '.ts') await prepare(url);
  let module: { default?: unknown };
  try {
    module = (await import(url)) as { default?: unknown };
  } catch (error) {
    if (own || isExpected(error)) throw error;
    if (noTypeScript !== undefined && (error as { code?: string }).code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw noTypeScript;
    throw new PipelineError(`can't load pipeline ${shown}: ${blame(error, shown)}`, { cause: error });
  }
  if (!isPipeline(module.default)) {
    throw new PipelineError(
      `${shown} must export a pipeline by default: export default definePipeline({ name, doc, parameters, compose })`,
    );
  }
  if (files !== undefined) await (await import('./imported-files.ts')).checkUnaltered(url, files);
  knowTables(module.default);
  return { ...module.default, module: url };
}
