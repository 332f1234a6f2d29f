import { join } from 'node:path';
import { type Report, writeReport } from './page.ts';
import { renderFigures } from './render.ts';

/**
 * Draws the figures of a report into `figures/` of a folder and writes its report.html; returns the files, relative to the folder.
 * @throws StoreError where they can't be written
 */
export async function drawReport(folder: string, report: Report): Promise<string[]> {
  const drawing = renderFigures(report.figures, join(folder, 'figures'));
  const [drawn] = await Promise.all([drawing, writeReport(folder, report, drawing)]);
  return [...drawn.map((file) => `figures/${file}`), 'report.html'];
}
