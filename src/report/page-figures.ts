import type { Figure } from './figure.ts';
import { narrowSpec } from './narrow.ts';
import { SpecPacker } from './packed-spec.ts';
import type { PageData } from './page-data.ts';
import { escapeHtml, formula } from './page-html.ts';
import { compileFigure, figureFormats, figureSvg } from './render.ts';
import type { Tables } from './table-row.ts';
import { windowedDistributions, windowSpec } from './window-figure.ts';

/** Figures as a page has them: static pictures, and what its script draws in their place. */
export interface PageFigures {
  readonly html: string;
  readonly data: PageData;
}

const narrowFrom = 460; // px: figures that are no wider fit a phone as they are
const halfUpTo = 520; // px: two of them stand beside each other
const sideUpTo = 760; // px: the caption of a figure that stands alone is beside it

/**
 * @param folder where the page finds the files of figures, relative to itself; undefined: nowhere
 */
export async function pageFigures(figures: readonly Figure[], tables: Tables, folder?: string): Promise<PageFigures> {
  const packer = new SpecPacker();
  const packed: Record<string, PageData['figures'][string]> = {};
  const parts: string[] = [];
  const drawn: Drawn[] = [];
  for (const figure of figures) {
    const { name, title, caption } = figure;
    if (figure.empty === true) {
      parts.push(`<p id="figure-${escapeHtml(name)}"><b>${escapeHtml(title)}.</b> ${formula(caption)}</p>`);
      continue;
    }
    const svg = (await figureSvg(figure)).replace(/^<\?xml[^>]*>\s*/, '').replace(/<!DOCTYPE[^>]*>\s*/i, '');
    const width = Number(svg.match(/\bwidth="([\d.]+)"/)?.[1]);
    drawn.push({ at: parts.length, width });
    const wide = packer.pack(compileFigure(figure).vega);
    packed[name] =
      width > narrowFrom
        ? { wide, narrow: packer.pack(compileFigure({ ...figure, spec: narrowSpec(figure.spec) }).vega) }
        : { wide };
    const links =
      folder === undefined
        ? ''
        : ` <span class="links">${figureFormats()
            .map(
              (kind) =>
                `<a href="${escapeHtml(`${folder}/${encodeURIComponent(name)}.${kind}`)}" aria-label="${escapeHtml(`${title} as ${kind.toUpperCase()}`)}">${kind.toUpperCase()}</a>`,
            )
            .join(' ')}</span>`;
    // Text of a drawing stays at three quarters of its size at least: what is wider scrolls.
    const least = Math.round(width * 0.75);
    parts.push(`<figure id="figure-${escapeHtml(name)}"><div class="plot" role="region" tabindex="0" aria-label="${escapeHtml(title)}">${svg.replace('<svg ', `<svg style="min-width:${least}px" `)}</div>
<figcaption><b>${escapeHtml(title)}.</b> ${formula(caption)}${links}</figcaption></figure>`);
  }
  for (const [at, layout] of layouts(drawn)) parts[at] = parts[at]!.replace('<figure ', `<figure ${layout} `);
  const distributions = windowedDistributions(tables);
  const window =
    distributions.length === 0
      ? {}
      : { distributions, windowSpec: { spec: compiledWindow() } as PageData['windowSpec'] & object };
  return { html: parts.join('\n'), data: { figures: packed, values: packer.values, ...window } };
}

interface Drawn {
  /** Place among all that stands under the heading. */
  readonly at: number;
  /** Width of the drawing, px. */
  readonly width: number;
}

/** Attributes of the figures that have a row of the page for themselves: all but those narrow ones that another such one stands beside. */
function* layouts(drawn: readonly Drawn[]): Generator<readonly [at: number, layout: string]> {
  let open: Drawn | undefined;
  const alone = ({ at, width }: Drawn) =>
    [at, `class="${width <= sideUpTo ? 'side' : 'wide'}" style="--drawn:${width}px"`] as const;
  for (const one of drawn) {
    const half = one.width <= halfUpTo;
    if (half && open?.at === one.at - 1) open = undefined;
    else {
      if (open !== undefined) yield alone(open);
      open = half ? one : undefined;
      if (!half) yield alone(one);
    }
  }
  if (open !== undefined) yield alone(open);
}

const compiledWindow = () =>
  compileFigure({ name: 'fit-window', title: '', caption: '', spec: windowSpec() }).vega as unknown as Record<
    string,
    unknown
  >;

/** The control of the fit window: hidden until the page's script has filled it. */
export const fitWindowHtml = `<section id="fit-window" hidden><h2 id="window">Move the fit window</h2>
<p>How an exponent depends on the range that it is fitted on. Maximum likelihood on the bins of the histogram table, as you move the ends of the window; errors here are those of independent values, without the choice of the window.</p>
<div class="window"><div class="controls">
<label>Distribution <select name="distribution"></select></label>
<label>Lower cutoff <input type="range" name="first" step="1"></label>
<label>Upper cutoff <input type="range" name="last" step="1"></label>
<button type="button">the run's own window</button>
<output aria-live="polite"></output>
</div><div class="plot"></div></div></section>`;
