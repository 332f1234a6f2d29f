import { relative } from 'node:path';

/** A path as short as it can be pasted back: relative below the current folder, absolute elsewhere. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near || '.';
}
