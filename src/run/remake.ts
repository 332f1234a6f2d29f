import { resolve } from 'node:path';
import { blamed } from '../flow/blame.ts';
import type { Pipeline } from '../pipeline.ts';
import { inFolder, isBucketAddress } from '../store/address.ts';
import { manifestName, readManifest } from '../store/folder.ts';
import { takeLock } from '../store/lock.ts';
import { listReport } from '../store/report-files.ts';
import { checkFigures } from './figure-faults.ts';
import { publishFindings, publishReport, reportOf, shownOf } from './publish.ts';
import { readRun } from './read-run.ts';

/**
 * Makes figures, report.html and findings.json of a run folder again from its tables, and lists them in its manifest; those of a run that is
 * under way aren't listed, as it makes its own at its end.
 * @returns their paths
 * @throws StoreError where the folder holds no run, a damaged one, or one that another process writes
 */
export async function remake(folder: string, named?: string | Pipeline): Promise<string[]> {
  if (!isBucketAddress(folder)) {
    const files = await remakeIn(folder, named, () => takeLock(resolve(folder)));
    return files.map((file) => resolve(folder, file));
  }
  const [{ withFolders }, { isSmall }, { takeLease }] = await Promise.all([
    import('../store/s3/working-copy.ts'),
    import('../store/s3/dataset.ts'),
    import('../store/s3/lease.ts'),
  ]);
  return withFolders([folder], isSmall, async ([here], [copy]) => {
    const { bucket, send } = copy!;
    const files = await remakeIn(here!, named, () => takeLease(bucket), send);
    return files.map((file) => inFolder(bucket.url, file));
  });
}

/** The right to write into a run folder, here or in a bucket. */
interface Right {
  check(): Promise<void>;
  release(): Promise<void>;
}

/** @param send brings files from a working copy to where the run folder is */
async function remakeIn(
  folder: string,
  named: string | Pipeline | undefined,
  takeRight: () => Promise<Right>,
  send: (files: readonly string[]) => Promise<void> = async () => {},
): Promise<string[]> {
  const right = (await readManifest(resolve(folder))).status === 'running' ? undefined : await takeRight();
  try {
    const { folder: path, manifest, composed, tables } = await readRun(folder, named);
    const shown = blamed(composed.pipeline, () => shownOf(composed.composition, tables));
    const files = [
      ...(await publishReport(path, reportOf(composed, { tables, ...shown }, manifest))),
      await publishFindings(path, composed, shown, manifest),
    ];
    await send(files);
    if (right !== undefined) {
      await right.check();
      await listReport(path, files);
      await send([manifestName]);
    }
    checkFigures(composed.pipeline, shown.figures);
    return files;
  } finally {
    await right?.release();
  }
}
