/** The look of every figure: one place for fonts, colours and line weights. */

/**
 * Okabe & Ito's palette for all kinds of colour vision (jfly.uni-koeln.de/color), without its yellow, too pale on white; then five for the rare
 * figure of more series, which shape or dash must help to tell apart.
 */
export const palette: readonly string[] = [
  ...['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#4D4D4D'],
  ...['#8C510A', '#7A3E9D', '#8A8A00', '#A3123A', '#0B5E5E'],
];

/** Point shapes that go with {@link palette}, so that a series is known without its colour. */
export const shapes: readonly string[] = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'triangle-down',
  'cross',
  'triangle-right',
  'triangle-left',
];

/**
 * Colours of lines that are ordered by a number, from small to large: other than those of viridis, every one of them stands 3 : 1 clear of light
 * and of dark ground, which leaves hue alone to order them by; blue to orange is told apart in all kinds of colour vision.
 */
export const lineRamp: readonly string[] = [
  '#4f63c8',
  '#7d55cf',
  '#9a4fc4',
  '#b94aa0',
  '#cf4c7a',
  '#d65a4a',
  '#d07d16',
];

export const ink = '#222222';
export const faint = '#6b6b6b';
const font = 'DejaVu Sans, Verdana, sans-serif';

/** Width and height of a single panel, pixels: with its axes a column of a journal, 8.6 cm, in which letters of 12 px have 7 points. */
export const panelSize = { width: 320, height: 250 } as const;

/** `count` colours that can be told apart: {@link palette} up to its length, samples of {@link lineRamp} beyond. */
export function seriesColors(count: number): string[] {
  if (count <= palette.length) return palette.slice(0, count);
  return Array.from({ length: count }, (_, i) => along(lineRamp, i / (count - 1)));
}

/** `count` point shapes, over again where there are more series than shapes. */
export function seriesShapes(count: number): string[] {
  return Array.from({ length: count }, (_, i) => shapes[i % shapes.length]!);
}

/** The colour at `t`, 0 to 1, between anchors. */
function along(anchors: readonly string[], t: number): string {
  const at = t * (anchors.length - 1);
  const low = Math.min(Math.floor(at), anchors.length - 2);
  const channel = (color: string | undefined, i: number): number =>
    Number.parseInt((color ?? '#000000').slice(1 + 2 * i, 3 + 2 * i), 16);
  const mix = [0, 1, 2].map((i) => {
    const [a, b] = [channel(anchors[low], i), channel(anchors[low + 1], i)];
    return Math.round(a + (at - low) * (b - a))
      .toString(16)
      .padStart(2, '0');
  });
  return `#${mix.join('')}`;
}

const axis = {
  domainColor: ink,
  tickColor: ink,
  labelColor: ink,
  titleColor: ink,
  domainWidth: 0.9,
  tickWidth: 0.9,
  gridColor: '#ebebeb',
  gridWidth: 0.7,
  labelFontSize: 12,
  // Labels at the ends would be drawn inwards and run into their neighbours.
  labelFlush: false,
  titleFontSize: 13,
  titleFontWeight: 'normal',
  titlePadding: 8,
  labelPadding: 4,
  tickSize: 5,
};

/** Vega-Lite `config` of all figures. */
const themeConfig: Record<string, unknown> = {
  background: '#ffffff',
  padding: 8,
  font,
  view: { stroke: '#c8c8c8', strokeWidth: 0.8 },
  axis,
  title: { anchor: 'start', frame: 'group', fontSize: 12.5, fontWeight: 'bold', color: ink, offset: 8 },
  header: {
    labelFontSize: 12,
    labelFontWeight: 'bold',
    titleFontSize: 12,
    labelColor: ink,
    titleColor: ink,
    title: null,
  },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titleColor: ink,
    labelColor: ink,
    labelLimit: 0,
    titleLimit: 0,
    symbolSize: 55,
    rowPadding: 3,
    cornerRadius: 2,
    fillColor: '#ffffffcc',
    padding: 4,
    offset: 6,
    gradientThickness: 10,
    // Side by side they would reach under the next panel.
    layout: { bottom: { anchor: 'start', direction: 'vertical', margin: 4 } },
  },
  concat: { spacing: 28 },
  facet: { spacing: 18 },
  text: { font, fontSize: 12, color: ink },
};

/** A complete specification from a view, with the theme. */
export function themed(view: Record<string, unknown>): Record<string, unknown> {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: themeConfig,
    autosize: { type: 'pad', contains: 'padding' },
    ...view,
  };
}
