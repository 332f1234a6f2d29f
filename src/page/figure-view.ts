import { button } from './button.ts';
import { Drawing } from './drawing.ts';
import { type Explorable, explorable, type Position } from './explorable.ts';
import { listenForGestures, magnified, shifted } from './gestures.ts';
import { listenForHover } from './hover.ts';
import type { VegaSpec } from './vega-spec.ts';

/** The specifications of a figure, for pages with room and for narrow ones. */
export interface FigureSpecs {
  readonly wide: VegaSpec;
  readonly narrow?: VegaSpec;
}

const narrowBelow = 640; // px of the page

/** Draws a figure in place of its static picture, with what moves, switches and hides it. */
export async function mountFigure(figure: HTMLElement, specs: FigureSpecs): Promise<void> {
  const plot = figure.querySelector<HTMLElement>('.plot')!;
  const picture = plot.querySelector('svg')!;
  const canvas = document.createElement('div');
  const title = picture.querySelector('title')?.textContent ?? '';
  const switched = new Map<string, boolean>();
  const hidden = new Set<string>();
  let drawing: Drawing | undefined;
  let narrow = isNarrow();

  const made = (): Explorable => explorable((narrow ? specs.narrow : undefined) ?? specs.wide, switched);
  const redraw = async (): Promise<void> => {
    const next = document.createElement('div');
    const fresh = new Drawing(made(), next);
    await fresh.draw();
    if (hidden.size > 0) await fresh.hide([...hidden]);
    const svg = fresh.svg()!;
    // Text stays at seven tenths of its size at least: what is wider scrolls within its frame.
    svg.style.minWidth = `${Math.round(0.7 * svg.width.baseVal.value)}px`;
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', title);
    drawing?.view.finalize();
    drawing = fresh;
    canvas.replaceChildren(next);
  };
  const reset = (): void => {
    drawing?.move(new Map(drawing.of.positions.map(({ name }) => [name, null])));
  };
  const zoom = (factor: number): void => {
    if (drawing === undefined) return;
    const domains = drawing.panels().flatMap((panel) => [...magnified(drawing!, panel, factor)]);
    drawing.move(new Map(domains));
  };
  const shift = (dx: number, dy: number): void => {
    if (drawing === undefined) return;
    drawing.move(new Map(drawing.panels().flatMap((panel) => [...shifted(drawing!, panel, dx, dy)])));
  };

  await redraw();
  picture.remove();
  plot.prepend(canvas);
  const { positions, series } = drawing!.of;
  const movable = positions.length > 0;

  const tools = Object.assign(document.createElement('div'), { className: 'tools' });
  tools.setAttribute('role', 'group');
  tools.setAttribute('aria-label', `Controls of: ${title}`);
  for (const channel of ['x', 'y'] as const) {
    const switchable = switchableScales(drawing!, channel);
    if (switchable.length === 0) continue;
    const isLog = (): boolean => switched.get(switchable[0]!.name) ?? switchable[0]!.madeLog;
    const toggle = button(
      `log ${channel}`,
      async () => {
        const log = !isLog();
        for (const { name } of switchable) switched.set(name, log);
        toggle.setAttribute('aria-pressed', String(log));
        await redraw();
      },
      `log ${channel} axis`,
    );
    toggle.setAttribute('aria-pressed', String(isLog()));
    tools.append(toggle);
  }
  if (movable) {
    tools.append(
      button('+', () => zoom(1.5), 'zoom in'),
      button('−', () => zoom(1 / 1.5), 'zoom out'),
      button('reset', reset, 'reset the zoom'),
    );
  }
  for (const { name, entries, color } of series) {
    const chip = button(name, async () => {
      const shown = chip.getAttribute('aria-pressed') === 'true';
      for (const entry of entries) {
        if (shown) hidden.add(entry);
        else hidden.delete(entry);
      }
      chip.setAttribute('aria-pressed', String(!shown));
      await drawing?.hide([...hidden]);
    });
    chip.className = 'chip';
    chip.setAttribute('aria-pressed', 'true');
    if (color !== undefined) chip.prepend(swatch(color));
    tools.append(chip);
  }
  if (tools.childElementCount > 0) plot.before(tools);

  listenForHover(plot, () => drawing);
  if (movable) {
    plot.classList.add('movable');
    listenForGestures(plot, () => drawing, reset);
    const step = 40;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => shift(step, 0),
      ArrowRight: () => shift(-step, 0),
      ArrowUp: () => shift(0, step),
      ArrowDown: () => shift(0, -step),
      '+': () => zoom(1.25),
      '=': () => zoom(1.25),
      '-': () => zoom(0.8),
      '0': reset,
    };
    plot.addEventListener('keydown', (event) => {
      const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    });
  }
  if (specs.narrow !== undefined) {
    addEventListener('resize', () => {
      if (isNarrow() === narrow) return;
      narrow = !narrow;
      switched.clear();
      for (const toggle of tools.querySelectorAll<HTMLElement>('button[aria-label^="log "]')) {
        toggle.setAttribute(
          'aria-pressed',
          String(positions.some(({ channel, madeLog }) => madeLog && toggle.textContent === `log ${channel}`)),
        );
      }
      redraw();
    });
  }
}

const isNarrow = (): boolean => innerWidth < narrowBelow;

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
