import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isExpected } from '../error.ts';
import { pipelineNames } from '../flow/built-in.ts';
import { changedFile } from '../flow/imported-files.ts';
import { type ChangedInput, changedInput } from '../flow/input-files.ts';
import { pipelineUrl } from '../flow/load.ts';
import { isBucketAddress } from '../store/address.ts';
import { readAnyManifest } from '../store/any-dataset.ts';
import { differ } from '../store/build.ts';
import { fileDigest } from '../store/digest.ts';
import { type Arithmetic, arithmetic, untriedKernels } from './arithmetic.ts';
import type { Offer } from './offer.ts';

/**
 * A worker's answer to an offer: the URL of the pipeline's module, with why its kernels couldn't be tried on this machine's card, where that is so; or the
 * reason for refusing it, `lasting` where nothing but another start of the worker can change that.
 */
export type Answer =
  | { readonly module: string; readonly untried?: string }
  | { readonly refusal: string; readonly lasting?: boolean };

/** How the arithmetic of a worker differs from the driver's, in words; undefined where no bits depend on the difference. */
export function difference(theirs: Arithmetic, ours: Arithmetic): string | undefined {
  if (theirs.crackle !== ours.crackle) return `it is run by crackle ${theirs.crackle}, this worker is ${ours.crackle}`;
  if (differ(theirs.build, ours.build)) {
    return `it is run by another build of crackle ${theirs.crackle} (${theirs.build}) than this worker's (${ours.build}): install the same one on both`;
  }
  if (theirs.kernel !== ours.kernel) {
    const [there, here] = [theirs.kernel, ours.kernel].map((kernel) => kernel.split('; ')[0]);
    const how = there === here ? '' : ' (CRACKLE_KERNEL chooses one)';
    return `it is computed with kernel ${theirs.kernel}, this worker has ${ours.kernel}${how}`;
  }
  if (theirs.math !== ours.math) {
    return `Node ${ours.node} here rounds the functions of Math otherwise than Node ${theirs.node} there`;
  }
  if (theirs.clones !== ours.clones) {
    return `Node ${ours.node} here and Node ${theirs.node} there write states in different formats`;
  }
  return undefined;
}

/** Why this worker's arithmetic won't do, or why kernels couldn't be tried with which it might not, if either is so. */
async function judged(
  { arithmetic: theirs, values }: Offer,
  module?: string,
): Promise<{ readonly differs?: string | undefined; readonly untried?: string | undefined }> {
  try {
    const untried = module === undefined ? undefined : await untriedKernels(values, module);
    return { untried, differs: difference(theirs, await arithmetic(values)) };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { differs: `it is computed with kernel ${theirs.kernel}, and here ${error.message}` };
  }
}

async function moduleHere(offer: Offer, own: readonly string[]): Promise<Answer> {
  const { pipeline, file, file_sha256, modules } = offer;
  if (file === undefined) {
    return pipelineNames().includes(pipeline)
      ? { module: pipelineUrl(pipeline) }
      : { refusal: `this worker knows no pipeline ${pipeline}`, lasting: true };
  }
  for (const path of [...own.map((each) => resolve(each)), file]) {
    const found = await fileDigest(path).catch(() => undefined);
    if (found?.sha256 === file_sha256) {
      const changed = await changedFile(path, modules);
      if (changed === undefined) return { module: pathToFileURL(path).href };
      return { refusal: `${changed}, which ${path} imports, is not the file here that it is there` };
    }
    if (found !== undefined && path === file) return { refusal: `${file} here is not the file that it is there` };
  }
  const gone = `its pipeline is in ${file}, which is not here`;
  return {
    refusal:
      own.length === 0
        ? `${gone}: give this worker a copy with --pipeline`
        : `${gone}, and this worker has no copy with the same content by --pipeline (${own.join(', ')})`,
  };
}

function lackOf({ path, here, missing }: ChangedInput): string {
  const begun = 'start the worker in the folder from which that path leads to it';
  if (here === undefined)
    return `it reads ${path}, which ${missing ? 'is not here' : 'is not the file here that it is there'}`;
  return missing
    ? `it reads ${path}, and there is no ${here} here: ${begun}, or have the run name it by its whole path`
    : `it reads ${path}, and ${here} here is not the file that it is there: ${begun}`;
}

/**
 * Whether a worker may work on a run.
 * @param own files of pipelines that the worker was given
 */
export async function answer(offer: Offer, own: readonly string[]): Promise<Answer> {
  const here = await moduleHere(offer, own);
  const { differs, untried } = await judged(offer, 'module' in here ? here.module : undefined);
  if (differs !== undefined) return { refusal: differs, lasting: true };
  const { folder, run, record } = offer;
  if (folder !== undefined) {
    try {
      if ((await readAnyManifest(folder)).run !== run) return { refusal: `${folder} here holds another run` };
    } catch (error) {
      if (!isExpected(error)) throw error;
      if (isBucketAddress(folder)) {
        return { refusal: `it records ${record.join(', ')} into ${folder}, where this worker can't: ${error.message}` };
      }
      return {
        refusal: `it records ${record.join(', ')} into ${folder}, which is not here: that takes a file system that driver and workers share`,
      };
    }
  }
  try {
    const changed = await changedInput(offer.inputs);
    if (changed !== undefined) return { refusal: lackOf(changed) };
  } catch (error) {
    return { refusal: `a file that it reads can't be read here: ${(error as Error).message}` };
  }
  return 'module' in here && untried !== undefined ? { ...here, untried } : here;
}

/** The path of a module, for messages. */
export const shownModule = (module: string): string => (module.startsWith('file:') ? fileURLToPath(module) : module);
