import { sep } from 'node:path';
import { digest } from './digest.ts';
import type { Manifest } from './manifest.ts';
import type { ParquetOptions } from './parquet/encoder.ts';
import { plainPath } from './plain-path.ts';

/** What the files of a run say of it: key-value metadata of Parquet, by their names. */
export type Imprint = Readonly<Record<string, string>>;

/** How far a run goes, which may be more than once and changes no row of a part. */
const amounts = ['valid', 'perturbations'];

const startsAsPath = /^(?:[/\\~]|\.{1,2}[/\\]|[a-z]:[/\\])|:\/\//i;
const looksAsPath = /[/\\]|\.[a-z]\w*$/i;

/** Texts of parameters as others may see them: of what a run reads the content's SHA-256, of other paths nothing. */
function shownTexts({ inputs = {}, module }: Manifest): (text: string) => string {
  const files = Object.entries(inputs).map(([path, sha256]) => [plainPath(path), sha256] as const);
  // Pipelines of the package name all that they read.
  const isPath = module === undefined ? startsAsPath : looksAsPath;
  return (text) => {
    if (text === '') return text;
    const path = plainPath(text);
    const below = files.filter(([file]) => file.startsWith(`${path}${sep}`)).map(([, sha256]) => sha256);
    if (below.length > 0) return `sha256:${digest(JSON.stringify(below.sort()))}`;
    for (const [file, sha256] of files) {
      if (path === file) return `sha256:${sha256}`;
      // `data.npz:images`: an array in a file.
      if (path.startsWith(`${file}:`)) return `sha256:${sha256}${path.slice(file.length)}`;
    }
    return isPath.test(text) ? '(path)' : text;
  };
}

function parametersOf(manifest: Manifest, left: readonly string[]): string {
  const textOf = shownTexts(manifest);
  const shown = Object.entries(manifest.parameters).filter(([name]) => !left.includes(name));
  return JSON.stringify(Object.fromEntries(shown), (_key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    return typeof value === 'string' ? textOf(value) : value;
  });
}

/**
 * What the footers of a run's files say of it: pipeline, parameters, seed, version. As the data it depends on these alone, never on when, where or in
 * how many pieces the run was computed; what a part says not on how far it goes either, since a run that goes on to more keeps its parts. In place of
 * paths stands the SHA-256 of what the run read there, or `(path)`. A table that is made of a run's gets it by `writeTable(…, { metadata: imprintOf(manifest) })`.
 * @param of which files: parts of recorded tables, or tables of results
 * @returns nothing for runs that were begun when files said nothing
 */
export function imprintOf(manifest: Manifest, of: 'part' | 'table' = 'table'): Imprint {
  const { imprint, crackle, pipeline, module_sha256: sha256, seed, merged } = manifest;
  if (imprint !== true) return {};
  return {
    'crackle.software': `crackle ${crackle}`,
    'crackle.pipeline': pipeline,
    ...(sha256 === undefined ? {} : { 'crackle.pipeline_sha256': sha256 }),
    'crackle.seed': merged === undefined ? String(seed) : merged.map((run) => run.seed).join(','),
    'crackle.parameters': parametersOf(manifest, of === 'part' ? amounts : []),
  };
}

/** How the files of a run are written. */
export const fileOptions = (
  manifest: Manifest,
  of: 'part' | 'table',
): Pick<ParquetOptions, 'encodings' | 'metadata'> => ({
  encodings: manifest.parquet,
  metadata: imprintOf(manifest, of),
});
