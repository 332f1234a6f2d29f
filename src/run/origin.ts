import { StoreError } from '../error.ts';
import { isBuiltIn, loadPipeline, pipelineUrl } from '../flow/load.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Manifest } from '../store/manifest.ts';

/** How the manifest says where a pipeline lives: nothing for a built-in one. */
export function moduleOf({ module }: Pipeline): { module?: string } {
  if (module === undefined) return { module: 'inline' };
  return isBuiltIn(module) ? {} : { module };
}

/**
 * The pipeline of a run folder.
 * @throws StoreError for one that lives in no module
 */
export async function pipelineOf(folder: string, { module, pipeline }: Manifest): Promise<Pipeline> {
  if (module === 'inline')
    throw new StoreError(
      `${folder} holds a run of an inline pipeline (${pipeline}), which only its own script can make`,
    );
  return loadPipeline(module ?? pipelineUrl(pipeline));
}
