import { relative, resolve } from 'node:path';
import { blamed } from '../flow/blame.ts';
import type { Pipeline } from '../pipeline.ts';
import { inFolder, isBucketAddress } from '../store/address.ts';
import { checkFigures } from './figure-faults.ts';
import { publishFindings, publishReport, reportOf, shownOf } from './publish.ts';
import { readRun } from './read-run.ts';

/** Makes figures, report.html and findings.json of a run folder again from its tables; returns their paths. */
export async function remake(folder: string, named?: string | Pipeline): Promise<string[]> {
  if (!isBucketAddress(folder)) return remakeHere(folder, named);
  const [{ withFolders }, { isSmall }] = await Promise.all([
    import('../store/s3/working-copy.ts'),
    import('../store/s3/dataset.ts'),
  ]);
  return withFolders([folder], isSmall, async ([here], [copy]) => {
    const files = (await remakeHere(here!, named)).map((file) => relative(here!, file));
    await copy!.send(files);
    return files.map((file) => inFolder(copy!.bucket.url, file));
  });
}

async function remakeHere(folder: string, named?: string | Pipeline): Promise<string[]> {
  const { folder: path, manifest, composed, tables } = await readRun(folder, named);
  const shown = blamed(composed.pipeline, () => shownOf(composed.composition, tables));
  const files = [
    ...(await publishReport(path, reportOf(composed, { tables, ...shown }, manifest))),
    await publishFindings(path, composed, shown, manifest),
  ];
  checkFigures(composed.pipeline, shown.figures);
  return files.map((file) => resolve(path, file));
}
