import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { StoreError } from '../error.ts';
import { withoutResvg } from '../vendor/resvg.ts';
import type { Figure } from './figure.ts';
import { textWidth } from './glyph-width.ts';
import { writePng } from './png.ts';
import { replaceFile } from './replace-file.ts';
import { slimSvg } from './slim-svg.ts';

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

interface TextMetrics {
  width(item: TextItem, text: unknown): number;
}

// Vega estimates 0.8 em a character where there is no canvas, and pads or cuts labels accordingly; it leaves this door open.
const textMetrics = (vega as unknown as { textMetrics: TextMetrics }).textMetrics;
textMetrics.width = (item, text) => {
  const bold = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600;
  return textWidth(String(text ?? ''), item.fontSize ?? 11, bold);
};

interface Compiled {
  readonly vega: vega.Spec;
  readonly warnings: string[];
}

// Files and page have the same figures: each is compiled and drawn once for as long as it is held.
const compiledFigures = new WeakMap<Figure, Compiled>();
const drawnFigures = new WeakMap<Figure, Promise<string>>();

/** The Vega specification of a figure, and what the compiler had to say about it (nothing, for a sound figure). */
export function compileFigure(figure: Figure): { vega: vega.Spec; warnings: string[] } {
  const known = compiledFigures.get(figure);
  if (known !== undefined) return known;
  const compiled = compiledOf(figure);
  compiledFigures.set(figure, compiled);
  return compiled;
}

function compiledOf(figure: Figure): Compiled {
  const warnings: string[] = [];
  const logger = vega.logger(vega.Warn);
  const collect = (...messages: readonly unknown[]): typeof logger => {
    warnings.push(messages.join(' '));
    return logger;
  };
  logger.warn = collect;
  logger.error = collect;
  const { spec } = compile(figure.spec as unknown as TopLevelSpec, { logger });
  return { vega: spec, warnings };
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/**
 * A figure as a self-contained SVG document with title and description. Identifiers carry the figure's name, so that several
 * can stand in one page. The same figure gives the same bytes.
 */
export function figureSvg(figure: Figure): Promise<string> {
  const known = drawnFigures.get(figure);
  if (known !== undefined) return known;
  const drawn = drawnSvg(figure);
  drawnFigures.set(figure, drawn);
  return drawn;
}

async function drawnSvg(figure: Figure): Promise<string> {
  const view = new vega.View(vega.parse(compileFigure(figure).vega), { renderer: 'none' });
  view.logLevel(vega.Error);
  let svg: string;
  try {
    svg = await view.toSVG();
  } finally {
    view.finalize();
  }
  const names = new Map<string, string>();
  const unique = (id: string): string => {
    let name = names.get(id);
    if (name === undefined) {
      name = `${figure.name}-${id.replace(/[\d_]+$/, '')}-${names.size + 1}`;
      names.set(id, name);
    }
    return name;
  };
  svg = svg.replace(/\bid="([^"]+)"/g, (_, id: string) => `id="${unique(id)}"`);
  svg = svg.replace(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${unique(id)})`);
  svg = slimSvg(svg);
  const about = `<title>${escapeXml(figure.title)}</title><desc>${escapeXml(figure.caption)}</desc>`;
  return svg.replace(/<svg ([^>]*)>/, (_, attributes: string) => `<svg ${attributes} role="img">${about}`);
}

/** Formats that figures can be drawn in here. */
export const figureFormats = (): readonly ('svg' | 'png')[] =>
  withoutResvg() === undefined ? ['svg', 'png'] : ['svg'];

/** Makes the file of a PNG of an SVG, or leaves that to another thread. */
export type ToPng = (svg: string, path: string) => void | Promise<void>;

/** Files that figures are drawn to. */
export interface Rendered {
  /** Their names within the folder. */
  readonly files: readonly string[];
  /** Resolves once they are there, rejects with a StoreError where one can't be written. */
  readonly written: Promise<unknown>;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new StoreError(`can't make the figure folder ${folder}: ${(cause as Error).message}`, { cause });
  }
  if ((await lstat(folder)).isSymbolicLink()) {
    throw new StoreError(`${folder} is a symbolic link: figures are written into a folder of the run's own only`);
  }
}

/**
 * Draws figures into a folder, made where it is missing, each to `<name>.svg` and `<name>.png` (twice the pixels), without a browser; to the first
 * alone where PNGs can't be drawn. Files are made while the next figures are drawn: it resolves once all are drawn.
 * @throws StoreError where the folder or a file can't be written
 */
export async function renderFigures(
  figures: readonly Figure[],
  folder: string,
  toPng: ToPng = writePng,
): Promise<Rendered> {
  await makeFolder(folder);
  const formats = figureFormats();
  const writing: Promise<unknown>[] = [];
  const write = (made: void | Promise<void>): void => {
    const written = Promise.resolve(made);
    // Seen once all are drawn.
    written.catch(() => {});
    writing.push(written);
  };
  try {
    for (const figure of figures) {
      const path = join(folder, figure.name);
      const svg = await figureSvg(figure);
      if (formats.includes('png')) write(toPng(svg, `${path}.png`));
      write(replaceFile(`${path}.svg`, svg));
      // Vega waits for nothing: without a turn of the loop no file would be begun before the last figure is drawn.
      await new Promise((turned) => setImmediate(turned));
    }
  } catch (error) {
    await Promise.allSettled(writing);
    throw error;
  }
  return {
    files: figures.flatMap(({ name }) => formats.map((format) => `${name}.${format}`)),
    written: Promise.allSettled(writing).then(() => Promise.all(writing)),
  };
}
