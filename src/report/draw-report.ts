import { join } from 'node:path';
import { type Report, writeReport } from './page.ts';
import { figureSvg, renderFigures, type ToPng } from './render.ts';

/**
 * Draws the figures of a report into `figures/` of a folder and writes its report.html; returns the files, relative to the folder.
 * @param toPng makes PNGs, here by default
 * @throws StoreError where they can't be written
 */
export async function drawReport(folder: string, report: Report, toPng?: ToPng): Promise<string[]> {
  const drawing = renderFigures(report.figures, join(folder, 'figures'), toPng);
  const page = async (): Promise<string> => {
    // PNGs are made of them meanwhile.
    for (const figure of report.figures) if (figure.empty !== true) await figureSvg(figure);
    return writeReport(folder, report, drawing);
  };
  const [drawn] = await Promise.all([drawing, page()]);
  return [...drawn.map((file) => `figures/${file}`), 'report.html'];
}
