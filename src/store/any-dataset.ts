import { folderName, isBucketAddress } from './address.ts';
import { createDataset, type Dataset, openDataset } from './dataset.ts';
import { manifestName, readManifest } from './folder.ts';
import type { Manifest, ManifestHead } from './manifest.ts';

interface Options {
  readonly warn?: ((text: string) => void) | undefined;
  /** Ends the wait for a lock of another machine. */
  readonly signal?: AbortSignal | undefined;
}

/** Begins a run folder, named by a path or by the address of a bucket. */
export async function createAnyDataset(folder: string, head: ManifestHead, options: Options = {}): Promise<Dataset> {
  const name = folderName(folder);
  if (!isBucketAddress(name)) return createDataset(name, head, { lock: options });
  return (await import('./s3/dataset.ts')).createBucketDataset(name, head, options);
}

/** Opens a run folder to go on with it, named by a path or by the address of a bucket. */
export async function openAnyDataset(folder: string, options: Options = {}): Promise<Dataset> {
  const name = folderName(folder);
  if (!isBucketAddress(name)) return openDataset(name, { lock: options });
  return (await import('./s3/dataset.ts')).openBucketDataset(name, options);
}

/** The manifest of a run folder, named by a path or by the address of a bucket. */
export async function readAnyManifest(folder: string): Promise<Manifest> {
  const name = folderName(folder);
  if (!isBucketAddress(name)) return readManifest(name);
  const { withFolders } = await import('./s3/working-copy.ts');
  return withFolders(
    [name],
    (path) => path === manifestName,
    ([copy]) => readManifest(copy!),
  );
}
