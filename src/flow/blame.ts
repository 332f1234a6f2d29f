import { fileURLToPath } from 'node:url';
import { isExpected, PipelineError } from '../error.ts';
import type { Pipeline } from '../pipeline.ts';
import { isBuiltIn } from './built-in.ts';

/** An error's message with the place in the user's file where its stack names one. */
export function blame(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const place = error.stack?.split('\n').find((line) => line.trim().startsWith('at ') && line.includes(name));
  const at = place?.match(/:(\d+):\d+\)?$/)?.[1];
  const message = error.message.replaceAll('\n', ' ').trim();
  return at === undefined ? message : `${message} (line ${at} of ${name})`;
}

/**
 * Runs a user's code; what it throws becomes a PipelineError that names the file. Built-in pipelines' errors stay what they are: bugs.
 */
export function blamed<T>(pipeline: Pipeline, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw blamedError(pipeline, error);
  }
}

/** What {@link blamed} throws in place of `error`. */
export function blamedError(pipeline: Pipeline, error: unknown): unknown {
  const url = pipeline.module;
  if (isExpected(error) || (error instanceof Error && error.name === 'AbortError')) return error;
  if (url === undefined || isBuiltIn(url)) return error;
  const file = fileURLToPath(url);
  return new PipelineError(`pipeline ${file} threw: ${blame(error, file)}`, { cause: error });
}
