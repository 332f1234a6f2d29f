import { digest } from './digest.ts';
import type { Manifest } from './manifest.ts';

/**
 * A checksum of everything that a run's data depends on, as its manifest has it. Checkpoints and kept states carry it, so that they go with
 * no other run.
 */
export function identity(manifest: Manifest): string {
  const { run, pipeline, module_sha256, modules, inputs, parameters, seed, kernel } = manifest;
  const { record, crackle, shard, partition_sizes } = manifest;
  const parts = [
    run,
    pipeline,
    module_sha256 ?? '',
    parameters,
    seed,
    kernel,
    record,
    crackle,
    shard ?? null,
    partition_sizes ?? null,
    // Runs from before it was listed keep the checksum that their checkpoints carry.
    ...(modules === undefined ? [] : [modules]),
    ...(inputs === undefined ? [] : [{ inputs }]),
  ];
  const exact = (_key: string, value: unknown): unknown => (typeof value === 'number' ? String(value) : value);
  return digest(JSON.stringify(parts, exact));
}
