import { z } from 'zod';

// A run folder may come from anywhere: what its manifest says is taken for data of this shape, and names of files for nothing but names
// within the folder.
const table = z.string().regex(/^\w[\w-]*$/, 'is no name of a table');
const file = z.string().regex(/^\w[\w-]*(\/part-\d{4,}-\d{5,})?\.parquet$|^states\.bin$/, 'is no file of a run folder');
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256');
const counts = z.record(z.string(), count);

/** The shape of `manifest.json`; further fields are let through. */
export const manifestShape = z.looseObject({
  status: z.enum(['running', 'partial', 'complete']),
  run: z.string().min(1),
  pipeline: z.string().min(1),
  module: z.string().optional(),
  module_sha256: sha256.optional(),
  parameters: z.record(z.string(), z.unknown()),
  seed: count,
  kernel: z.string(),
  record: z.array(table),
  keep_state: z.boolean().optional(),
  merged: z.array(z.looseObject({ seed: count, kernel: z.string(), counts })).optional(),
  crackle: z.string(),
  node: z.string(),
  started: z.string(),
  wall_seconds: z.number(),
  counts,
  committed: count,
  tables: z.record(table, z.looseObject({ version: count, rows: count, bytes: count, parts: z.array(file) })),
  files: z.record(file, z.looseObject({ rows: count.optional(), bytes: count, sha256 })),
});

/** What is wrong with a value that should be a manifest, in words; undefined where nothing is. */
export function manifestFault(value: unknown): string | undefined {
  const { error } = manifestShape.safeParse(value);
  const issue = error?.issues[0];
  return issue === undefined ? undefined : `${issue.path.join('.') || 'it'}: ${issue.message}`;
}
