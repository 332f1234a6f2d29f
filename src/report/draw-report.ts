import { join } from 'node:path';
import { type Report, writeReport } from './page.ts';
import { renderFigures, type ToPng } from './render.ts';

/**
 * Draws the figures of a report into `figures/` of a folder and writes its report.html; returns the files, relative to the folder.
 * @param toPng makes PNGs, here by default
 * @throws StoreError where they can't be written
 */
export async function drawReport(folder: string, report: Report, toPng?: ToPng): Promise<string[]> {
  const { files, written } = await renderFigures(report.figures, join(folder, 'figures'), toPng);
  // PNGs are made beside it.
  await writeReport(folder, report, written);
  return [...files.map((file) => `figures/${file}`), 'report.html'];
}
