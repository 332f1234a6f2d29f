import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the pipelines that come with the package lie. */
export const builtInFolder = new URL('../../pipelines/', import.meta.url);

/** Extension of this package's own modules: `.ts` where it runs from its sources, `.js` where it was built. */
export const ownExtension = extname(fileURLToPath(import.meta.url));

/** True for the URL of a pipeline that comes with the package; examples, in a folder below, are loaded as a user's own. */
export function isBuiltIn(url: string): boolean {
  return url.startsWith(builtInFolder.href) && !url.slice(builtInFolder.href.length).includes('/');
}

/** Names of the pipelines that come with the package, sorted. */
export function pipelineNames(): string[] {
  return readdirSync(builtInFolder)
    .filter((file) => file.endsWith(ownExtension) && !file.endsWith(`.d${ownExtension}`))
    .map((file) => file.slice(0, -ownExtension.length))
    .sort();
}

/** URL of the module of a pipeline that comes with the package. */
export const builtInUrl = (name: string): string => new URL(`${name}${ownExtension}`, builtInFolder).href;
