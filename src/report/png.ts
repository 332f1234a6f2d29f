import { resvg } from '../vendor/resvg.ts';
import { fontFiles } from './glyph-width.ts';
import { replaceFile } from './replace-file.ts';

/**
 * PNG bytes of an SVG document, drawn on a thread beside this one and packed in this one: `zoom` pixels to each of its own, in DejaVu Sans on white
 * whatever the machine has.
 * @throws BackendError where the library for it can't be loaded
 */
export async function svgToPng(svg: string, zoom = 2): Promise<Buffer> {
  const { renderAsync } = resvg();
  const image = await renderAsync(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    background: 'white',
    font: {
      loadSystemFonts: false,
      fontFiles: Object.values(fontFiles),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  });
  return image.asPng();
}

/** Pictures that are being drawn: each takes 5 to 15 MB, so two at most. */
const drawing = new Set<Promise<unknown>>();
const most = 2;

/**
 * Writes {@link svgToPng} to a file; waits for its turn where others are written.
 * @throws StoreError where it can't be written
 */
export async function writePng(svg: string, path: string): Promise<void> {
  while (drawing.size >= most) await Promise.race(drawing);
  const png = svgToPng(svg);
  const settled = Promise.allSettled([png]);
  drawing.add(settled);
  settled.then(() => drawing.delete(settled));
  await replaceFile(path, await png);
}
