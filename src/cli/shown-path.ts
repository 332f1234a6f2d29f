import { relative } from 'node:path';
import { isBucketAddress } from '../store/address.ts';

/** A path as short as it can be pasted back: relative below the current folder, absolute elsewhere. */
export function shownPath(path: string): string {
  if (isBucketAddress(path)) return path;
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near || '.';
}
