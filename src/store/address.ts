import { join, resolve } from 'node:path';
import { ParameterError } from '../error.ts';

/** Where a run folder lies in a bucket. */
export interface Address {
  readonly bucket: string;
  /** Without a slash at its end. */
  readonly prefix: string;
}

/** Whether a run folder is named by the address of a bucket, `s3://bucket/path`, rather than by a path. */
export const isBucketAddress = (folder: string): boolean => folder.startsWith('s3://');

/**
 * The parts of `s3://bucket/path`.
 * @param whole whether it may be all of a bucket, of which the prefix is ''
 * @throws ParameterError where it isn't one
 */
export function parseAddress(text: string, whole = false): Address {
  const match = /^s3:\/\/([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])(?:\/(.*))?$/i.exec(text);
  const prefix = (match?.[2] ?? '').replace(/\/+$/, '');
  if (match !== null && prefix === '' && whole) return { bucket: match[1]!, prefix };
  const clean = !prefix.split('/').some((name) => name === '' || name === '.' || name === '..');
  if (match === null || !clean) {
    throw new ParameterError(`a run folder in a bucket is named as s3://bucket/path, got ${text}`);
  }
  return { bucket: match[1]!, prefix };
}

/**
 * A run folder as it is named everywhere: an absolute path, or the address of a bucket without a slash at its end.
 * @throws ParameterError for no name, which would be the current folder, and for what is no address
 */
export function folderName(folder: string): string {
  if (folder === '')
    throw new ParameterError('a run folder must have a name, got an empty one (. is the current folder)');
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(folder)?.[0];
  if (scheme !== undefined && scheme !== 's3://')
    throw new ParameterError(`a run folder is a path, or s3://bucket/path, got ${folder}`);
  if (scheme === undefined) return resolve(folder);
  const { bucket, prefix } = parseAddress(folder);
  return `s3://${bucket}/${prefix}`;
}

/** A file of a run folder, by its path or by its address. */
export const inFolder = (folder: string, path: string): string =>
  isBucketAddress(folder) ? `${folder}/${path}` : join(folder, path);

/** A path or address as a word of a shell's command line: quoted where a shell would take it for something else. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
