import { sep } from 'node:path';
import { plainPath } from '../store/plain-path.ts';

/**
 * What networks from files are called: by their names, and of those that are called alike, as checkpoints in folders of their own may be, by no more of the
 * ends of their paths than tells them apart, since tables are for others, too.
 */
export function modelNames(networks: readonly { readonly path: string; readonly name: string }[]): string[] {
  const paths = networks.map(({ path }) => plainPath(path).split(sep));
  return networks.map(({ name }, i) => {
    const alike = paths.filter((_, k) => k !== i && networks[k]!.name === name);
    if (alike.length === 0) return name;
    const end = (path: readonly string[], parts: number): string => path.slice(-parts).join('/');
    const own = paths[i]!;
    const least = own.findIndex((_, n) => alike.every((other) => end(other, n + 1) !== end(own, n + 1)));
    return end(own, least < 0 ? own.length : least + 1);
  });
}
