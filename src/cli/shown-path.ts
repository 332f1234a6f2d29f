import { relative } from 'node:path';
import { isBucketAddress, shellWord } from '../store/address.ts';

/** A path as short as it can be pasted back: relative below the current folder, absolute elsewhere. */
export function shownPath(path: string): string {
  if (isBucketAddress(path)) return path;
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near || '.';
}

/** A shown path as a word of a shell's command line: quoted where a shell would take it for something else. */
export function pathWord(path: string): string {
  return shellWord(shownPath(path));
}
