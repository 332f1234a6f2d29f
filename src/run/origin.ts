import { fileURLToPath } from 'node:url';
import { ParameterError, StoreError } from '../error.ts';
import { isBuiltIn, pipelineNames } from '../flow/built-in.ts';
import { loadPipeline, pipelineUrl } from '../flow/load.ts';
import type { Pipeline } from '../pipeline.ts';
import { fileDigest } from '../store/digest.ts';
import type { Manifest, ManifestHead } from '../store/manifest.ts';

type Module = Pick<ManifestHead, 'module' | 'module_sha256' | 'modules'>;

/**
 * How the manifest says where a pipeline lives, and what its file and those that it imports hold: nothing for a built-in one.
 * @param warn told where it can't be found out which files are imported
 */
export async function moduleOf({ module }: Pipeline, warn?: (text: string) => void): Promise<Module> {
  if (module === undefined) return { module: 'inline' };
  if (isBuiltIn(module)) return {};
  const file = fileURLToPath(module);
  const { sha256 } = await fileDigest(file);
  const { importedFiles } = await import('../flow/imported-files.ts');
  const modules = await importedFiles(file);
  if (!('unknown' in modules)) return { module, module_sha256: sha256, modules };
  warn?.(
    `which files ${file} imports can't be told here (${modules.unknown}): resume and merge will know it by its own content alone`,
  );
  return { module, module_sha256: sha256 };
}

/** What the manifest of a run says of its code and of the files that it reads, for that of a run which is made of it. */
export const originOf = ({
  module,
  module_sha256,
  modules,
  inputs,
}: Manifest): Module & Pick<ManifestHead, 'inputs'> => ({
  ...(module === undefined ? {} : { module }),
  ...(module_sha256 === undefined ? {} : { module_sha256 }),
  ...(modules === undefined ? {} : { modules }),
  ...(inputs === undefined ? {} : { inputs }),
});

/** The file of a pipeline that isn't crackle's own, to be named again; undefined for one that is, or lives in no file. */
export const pipelineFile = ({ module }: Pick<Pipeline, 'module'>): string | undefined =>
  module?.startsWith('file:') && !isBuiltIn(module) ? fileURLToPath(module) : undefined;

function sameName(folder: string, { pipeline }: Manifest, named: Pipeline): Pipeline {
  if (named.name === pipeline) return named;
  throw new ParameterError(`${folder} is a run of ${pipeline}, the pipeline named for it is ${named.name}`);
}

/** What is said where a run goes on with a pipeline that can't be held against a file. */
export const unchecked = (folder: string, { pipeline }: Manifest): string =>
  `${folder} is a run of ${pipeline}, which lives in no file: that its code is still the same can't be checked`;

/**
 * The pipeline of a run folder. A folder may come from anywhere, so that nothing in it is taken for code: a built-in pipeline is found by
 * its name, a file runs only where the caller names it.
 * @param named path of the user's pipeline, or the pipeline itself
 * @throws StoreError for a pipeline that lives in no module and isn't given itself, or in one that wasn't named; ParameterError where another one was named
 */
export async function pipelineOf(folder: string, manifest: Manifest, named?: string | Pipeline): Promise<Pipeline> {
  const { module, pipeline } = manifest;
  if (module === 'inline') {
    if (typeof named === 'object') return sameName(folder, manifest, named);
    throw new StoreError(
      `${folder} holds a run of an inline pipeline (${pipeline}), which only a script that has it can go on with: resume(folder, { pipeline }) with the pipeline itself`,
    );
  }
  if (module === undefined) {
    if (!pipelineNames().includes(pipeline))
      throw new StoreError(`${folder} is a run of ${pipeline}, which is unknown`);
    if (named !== undefined)
      throw new ParameterError(`${folder} is a run of crackle's own ${pipeline}: name no pipeline`);
    return loadPipeline(pipelineUrl(pipeline));
  }
  if (named === undefined) {
    const file = pipelineFile({ module }) ?? module;
    throw new StoreError(
      `${folder} is a run of the pipeline in ${file}: a run folder is data, so its code runs only where you name it: --pipeline ${file}`,
    );
  }
  return sameName(folder, manifest, typeof named === 'string' ? await loadPipeline(pipelineUrl(named)) : named);
}
