import { slimCells } from './slim-cells.ts';
import { slimPath } from './slim-path.ts';

/**
 * A drawing of Vega's without what says nothing: names of single marks, since the drawing has one of its own and is read as one picture; marks
 * without extent or colour, labels without text, strokes' widths where there is no stroke, what all marks of a group have at each of them in place of once,
 * points on straight lines. Coordinates are given to a hundredth of a pixel, those of lines to a tenth. What is seen stays the same.
 */
export function slimSvg(svg: string): string {
  const font = svg.match(/ font-family="[^"]*"/)?.[0] ?? '';
  return svg
    .replace(/ (?:role|aria-[a-z]+)="[^"]*"/g, '')
    .replaceAll(font, '')
    .replace(/<text\b[^>]*\/>|<text\b[^>]*><\/text>|<(?:path|line)\b[^>]* opacity="0"[^>]*\/>/g, '')
    .replace(/<path class="(?:foreground" d=""|background" d="M0,0h0v0h0Z")[^>]*\/>/g, '')
    .replace(/<(?:path|line|text)\b[^>]*>/g, (mark) => faded(slimMark(mark)))
    .replace(/(?:<path d="M[^"]*z" fill="#[^"]*"\/>){2,}/g, slimCells)
    .replace(
      /<g class="mark-[^>]*>((?:<(?:path|line|circle)\b[^>]*\/>){2,}|(?:<text\b[^>]*>[^<]*<\/text>){2,})<\/g>/g,
      shared,
    )
    .replace('<svg ', `<svg${font} `);
}

function slimMark(mark: string): string {
  return (mark.includes(' stroke="') ? mark : mark.replace(/ stroke-(?:width|dasharray|opacity)="[^"]*"/g, ''))
    .replace(/ (?:opacity|fill-opacity|stroke-opacity)="1"/g, '')
    .replace(/"rgb\((\d+), (\d+), (\d+)\)"/g, (_, ...parts: string[]) => `"${hex(parts.slice(0, 3))}"`)
    .replace(/^<path(.*) d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"/, '<circle$1 r="$2"')
    .replace(/ d="([^"]*)"/, (_, d: string) => ` d="${slimPath(d, d.length > 400 ? 1 : 2)}"`)
    .replace(/ (?:transform|x|y|x1|x2|y1|y2|r|width|height)="[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d{2,}(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
    );
}

/** Opacity of the one paint that a mark has, in place of the mark's: a picture is drawn faster where no mark needs a layer of its own. */
function faded(mark: string): string {
  const [fill, stroke] = [mark.includes(' fill="'), mark.includes(' stroke="')];
  if (fill === stroke || / (?:fill|stroke)-opacity="/.test(mark)) return mark;
  return mark.replace(' opacity="', fill ? ' fill-opacity="' : ' stroke-opacity="');
}

const hex = (channels: readonly string[]): string =>
  `#${channels.map((channel) => Number(channel).toString(16).padStart(2, '0')).join('')}`;

/** Attributes that all marks of a group have in common, and that marks take from their group, stand at the group. */
function shared(group: string, marks: string): string {
  const own = (mark: string): string[] =>
    [
      ...mark.matchAll(
        / (?:(?:fill|stroke)(?:-opacity)?|stroke-width|stroke-dasharray|text-anchor|font-size|font-weight)="[^"]*"/g,
      ),
    ].map(([text]) => text);
  const heads = marks.match(/<(?:path|line|circle|text)\b[^>]*>/g)!;
  const common = own(heads[0]!).filter((attribute) => heads.every((head) => own(head).includes(attribute)));
  if (common.length === 0) return group;
  const bare = (mark: string): string => common.reduce((text, attribute) => text.replace(attribute, ''), mark);
  const inside = marks.replace(/<(?:path|line|circle|text)\b[^>]*>/g, bare);
  return group.replace(marks, () => inside).replace('>', `${common.join('')}>`);
}
