import { z } from 'zod';
import { StoreError } from '../error.ts';
import { digest } from './digest.ts';
import { datasetVersion, type Manifest } from './manifest.ts';
import { encodingSets } from './parquet/encoding-set.ts';
import { reportFile } from './part-path.ts';

// A run folder may come from anywhere: what its manifest says is taken for data of this shape, and names of files for nothing but names
// within the folder.
const table = z.string().regex(/^\w[\w-]*$/, 'is no name of a table');
const file = z
  .string()
  .regex(
    /^\w[\w-]*(\/part-\d{4,}-\d{5,})?\.parquet$|^states\.bin$|^state\/part-\d{4,}-\d{5,}\.bin$/,
    'is no file of a run folder',
  );
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256');
const written = z.looseObject({ rows: count.optional(), bytes: count, sha256 });
const counts = z.record(z.string(), count);

/** The shape of `manifest.json`; further fields are let through. */
const manifestShape = z.looseObject({
  status: z.enum(['running', 'partial', 'complete']),
  run: z.string().min(1),
  pipeline: z.string().min(1),
  module: z.string().optional(),
  module_sha256: sha256.optional(),
  modules: z.record(z.string(), sha256).optional(),
  inputs: z.record(z.string(), sha256).optional(),
  parameters: z.record(z.string(), z.unknown()),
  engines: z.array(z.string()).optional(),
  seed: count,
  kernel: z.string(),
  record: z.array(table),
  // Runs from before there was a choice are compact.
  parquet: z.enum(encodingSets).default('compact'),
  imprint: z.boolean().optional(),
  keep_state: z.boolean().optional(),
  figures: z.boolean().optional(),
  shard: z.object({ index: z.int().min(1), of: z.int().min(1) }).optional(),
  partition_sizes: z.array(z.int().min(1)).min(1).optional(),
  merged: z.array(z.looseObject({ seed: count, kernel: z.string(), counts })).optional(),
  crackle: z.string(),
  builds: z.array(z.string()).optional(),
  node: z.string(),
  started: z.string(),
  wall_seconds: z.number(),
  counts,
  committed: count,
  tables: z.record(table, z.looseObject({ version: count, rows: count, bytes: count, parts: z.array(file) })),
  files: z.record(file, written),
  report: z.record(z.string().regex(reportFile, 'is no file of a report'), written).optional(),
});

/** What is wrong with a value that should be a manifest, in words. */
function faultOf({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it is none' : `${issue.path.join('.') || 'it'}: ${issue.message}`;
}

const special = /^(NaN|-?Infinity)$/;

/**
 * Reads a manifest back.
 * @throws StoreError where the text is no manifest, or of another version, or not as crackle wrote it
 */
export function parseManifest(text: string, path: string): Manifest {
  let value: (Partial<Manifest> & { sha256?: string }) | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch (error) {
    throw new StoreError(`${path} is not a readable manifest: ${(error as Error).message}`, { cause: error });
  }
  if (value?.format !== 'crackle-dataset') throw new StoreError(`${path} is not the manifest of a crackle run`);
  if (value.format_version !== datasetVersion) {
    throw new StoreError(
      `${path} has format version ${value.format_version}, this version of crackle reads ${datasetVersion}`,
    );
  }
  const { sha256, ...manifest } = value;
  if (digest(JSON.stringify(manifest)) !== sha256) {
    throw new StoreError(`${path} is damaged or was edited: its checksum doesn't match`);
  }
  const checked = manifestShape.safeParse(manifest);
  if (!checked.success) throw new StoreError(`${path} is not the manifest of a crackle run: ${faultOf(checked.error)}`);
  return JSON.parse(JSON.stringify(checked.data), (_key, part: unknown) =>
    typeof part === 'string' && special.test(part) ? Number(part) : part,
  ) as Manifest;
}
