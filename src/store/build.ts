import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../schema/package-root.ts';

function builtOf(): string | undefined {
  if (import.meta.url.endsWith('.ts')) return undefined;
  try {
    return readFileSync(join(packageRoot, 'dist/build.txt'), 'utf8').trim();
  } catch {
    return undefined; // bundled into a program of its own
  }
}

/**
 * The build that runs, by a digest of the sources that it was made of: two states of them may bear one version. Undefined where crackle runs from
 * its sources.
 */
export const ownBuild: string | undefined = builtOf();

/** What the manifest says of builds: those before, then the one that runs. */
export function buildsWithOwn(before: readonly string[] = []): { readonly builds?: readonly string[] } {
  const builds = [...new Set([...before, ...(ownBuild === undefined ? [] : [ownBuild])])];
  return builds.length === 0 ? {} : { builds };
}

/** What it says of them where a run is gone on with: the one that runs is told again where it isn't the last. */
export const buildsGoingOn = (before?: readonly string[]): { readonly builds?: readonly string[] } =>
  differ(before?.at(-1), ownBuild) ? { builds: [...before!, ownBuild!] } : {};

/** Whether two builds are known to differ. */
export const differ = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;
