import { button } from './button.ts';
import type { Drawing } from './drawing.ts';
import type { Position, Series } from './explorable.ts';
import type { FigureView } from './figure-view.ts';

/** Buttons of a figure. */
export interface FigureTools {
  readonly element: HTMLElement;
  /** Shows what scales are after they were changed from without. */
  refresh(): void;
}

/** Buttons that make axes linear or logarithmic, magnify, and show and hide series, as far as there are any. */
export function figureTools(view: FigureView, title: string): FigureTools {
  const element = Object.assign(document.createElement('div'), { className: 'tools' });
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', `Controls of: ${title}`);
  const { positions, series } = view.drawing.of;
  const toggles = (['x', 'y'] as const).flatMap((channel) => {
    const scales = switchableScales(view.drawing, channel);
    return scales.length === 0 ? [] : [scaleToggle(view, channel, scales)];
  });
  element.append(...toggles.map((toggle) => toggle.element));
  if (positions.length > 0) element.append(...zoomButtons(view));
  element.append(...series.map((one) => seriesChip(view, one)));
  return {
    element,
    refresh: () => {
      for (const toggle of toggles) toggle.refresh();
    },
  };
}

/** @param scales of an axis, which are switched together */
function scaleToggle(view: FigureView, axis: 'x' | 'y', scales: readonly Position[]): FigureTools {
  const isLog = (): boolean => view.isLog(scales[0]!);
  const refresh = (): void => element.setAttribute('aria-pressed', String(isLog()));
  const onClick = async (): Promise<void> => {
    const drawn = view.switchScales(scales, !isLog());
    refresh();
    await drawn;
  };
  const element = button(`log ${axis}`, onClick, `log ${axis} axis`);
  refresh();
  return { element, refresh };
}

const zoomButtons = (view: FigureView): HTMLElement[] => [
  button('+', () => view.zoom(1.5), 'zoom in'),
  button('−', () => view.zoom(1 / 1.5), 'zoom out'),
  button('reset', () => view.reset(), 'reset the zoom'),
];

function seriesChip(view: FigureView, { name, entries, color }: Series): HTMLElement {
  const chip = button(name, async () => {
    const shown = chip.getAttribute('aria-pressed') !== 'true';
    chip.setAttribute('aria-pressed', String(shown));
    await view.show(entries, shown);
  });
  chip.className = 'chip';
  chip.setAttribute('aria-pressed', 'true');
  if (color !== undefined) chip.prepend(swatch(color));
  return chip;
}

const spansDecade = (domain: readonly number[]): boolean =>
  Math.min(...domain) > 0 && Math.max(...domain) >= 10 * Math.min(...domain);

/** Scales that one button makes linear or logarithmic: those made logarithmic, or else all that span a decade of positive numbers. */
function switchableScales(drawing: Drawing, channel: 'x' | 'y'): Position[] {
  const own = drawing.of.positions.filter((position) => position.channel === channel);
  const log = own.filter(({ madeLog }) => madeLog);
  return log.length > 0 ? log : own.filter(({ name }) => spansDecade(drawing.scale(name).domain()));
}

function swatch(color: string): SVGElement {
  const name = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(name, 'svg');
  svg.setAttribute('viewBox', '0 0 10 10');
  svg.setAttribute('aria-hidden', 'true');
  const square = svg.appendChild(document.createElementNS(name, 'circle'));
  for (const [key, value] of Object.entries({ cx: '5', cy: '5', r: '5', fill: color })) square.setAttribute(key, value);
  return svg;
}
