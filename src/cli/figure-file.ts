import { extname } from 'node:path';
import { ParameterError } from '../error.ts';
import type { Figure } from '../report/figure.ts';
import { replaceFile } from '../report/replace-file.ts';

/** @throws ParameterError where the file's name says no format that figures are drawn in */
export function checkFigurePath(path: string): void {
  if (!['.svg', '.png'].includes(extname(path)))
    throw new ParameterError(`figure must end in .svg or .png, got ${path}`);
}

/**
 * Draws a figure to a file, in the format that its name ends in: .svg or .png.
 * @throws StoreError where the file can't be written, BackendError where no PNGs can be drawn
 */
export async function drawFigure(figure: Figure, path: string): Promise<void> {
  const [{ figureSvg }, { svgToPng }] = await Promise.all([import('../report/render.ts'), import('../report/png.ts')]);
  const svg = await figureSvg(figure);
  const drawn = extname(path) === '.svg' ? svg : await svgToPng(svg);
  await replaceFile(path, drawn);
}
