import type { Drawing, PanelBox } from './drawing.ts';

type Domains = Map<string, readonly [number, number]>;

/** Position of a pointer in pixels of the drawing, whatever size it is shown at. */
export function inDrawing(svg: SVGSVGElement, { clientX, clientY }: MouseEvent): [x: number, y: number] {
  const box = svg.getBoundingClientRect();
  const zoom = box.width / (svg.width.baseVal.value || box.width);
  return [(clientX - box.left) / zoom, (clientY - box.top) / zoom];
}

const panelAt = (panels: readonly PanelBox[], x: number, y: number): PanelBox | undefined =>
  panels.findLast(({ left, top, width, height }) => x >= left && x <= left + width && y >= top && y <= top + height);

/** Domains of a panel's scales after the range [start, end] of pixels, x and y within the panel, has become the whole of it. */
function shownOnly(
  drawing: Drawing,
  panel: PanelBox,
  x: readonly [number, number],
  y: readonly [number, number],
): Domains {
  const domains: Domains = new Map();
  const set = (name: string | undefined, pixels: readonly [number, number]): void => {
    if (name === undefined) return;
    const scale = drawing.scale(name);
    const [low, high] = [scale.invert(pixels[0]), scale.invert(pixels[1])];
    if (Number.isFinite(low) && Number.isFinite(high) && low !== high) domains.set(name, [low, high]);
  };
  set(panel.x, x);
  set(panel.y, [y[1], y[0]]);
  return domains;
}

/** A panel magnified `factor` times about a point of it. */
export function magnified(drawing: Drawing, panel: PanelBox, factor: number, at?: readonly [number, number]): Domains {
  const [x, y] = at ?? [panel.width / 2, panel.height / 2];
  const around = (centre: number, length: number) =>
    [centre - centre / factor, centre + (length - centre) / factor] as const;
  return shownOnly(drawing, panel, around(x, panel.width), around(y, panel.height));
}

export const shifted = (drawing: Drawing, panel: PanelBox, dx: number, dy: number): Domains =>
  shownOnly(drawing, panel, [-dx, panel.width - dx], [-dy, panel.height - dy]);

/** Drag to move, Shift and drag to choose what is to fill the panel, wheel with Ctrl to magnify, double click for all of it. */
export function listenForGestures(plot: HTMLElement, current: () => Drawing | undefined, reset: () => void): void {
  let drag: { panel: PanelBox; x: number; y: number; choosing: boolean; box?: HTMLElement } | undefined;
  const located = (event: MouseEvent) => {
    const drawing = current();
    const svg = drawing?.svg();
    if (drawing === undefined || svg == null) return undefined;
    const [x, y] = inDrawing(svg, event);
    return { drawing, x, y, panel: panelAt(drawing.panels(), x, y) };
  };
  plot.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'touch' || event.button !== 0) return;
    const at = located(event);
    if (at?.panel === undefined) return;
    event.preventDefault();
    plot.setPointerCapture(event.pointerId);
    plot.focus({ preventScroll: true });
    drag = { panel: at.panel, x: at.x, y: at.y, choosing: event.shiftKey };
  });
  plot.addEventListener('pointermove', (event) => {
    const at = drag === undefined ? undefined : located(event);
    if (drag === undefined || at === undefined) return;
    if (drag.choosing) {
      drag.box ??= plot.appendChild(Object.assign(document.createElement('div'), { className: 'chosen' }));
      outline(drag.box, plot, at.drawing.svg()!, [drag.x, drag.y], [at.x, at.y]);
      return;
    }
    at.drawing.move(shifted(at.drawing, drag.panel, at.x - drag.x, at.y - drag.y), false);
    drag = { ...drag, x: at.x, y: at.y };
  });
  const drop = (event: PointerEvent): void => {
    const at = drag === undefined ? undefined : located(event);
    if (drag?.choosing === true && at !== undefined && Math.abs(at.x - drag.x) > 8 && Math.abs(at.y - drag.y) > 8) {
      const { left, top } = drag.panel;
      const sorted = (a: number, b: number) => [Math.min(a, b), Math.max(a, b)] as const;
      at.drawing.move(
        shownOnly(at.drawing, drag.panel, sorted(drag.x - left, at.x - left), sorted(drag.y - top, at.y - top)),
      );
    } else if (drag?.choosing === false) at?.drawing.draw();
    drag?.box?.remove();
    drag = undefined;
  };
  plot.addEventListener('pointerup', drop);
  plot.addEventListener('pointercancel', drop);
  plot.addEventListener(
    'wheel',
    (event) => {
      const at = event.ctrlKey || event.metaKey ? located(event) : undefined;
      if (at?.panel === undefined) return;
      event.preventDefault();
      const { panel } = at;
      at.drawing.move(magnified(at.drawing, panel, 2 ** (-event.deltaY / 300), [at.x - panel.left, at.y - panel.top]));
    },
    { passive: false },
  );
  plot.addEventListener('dblclick', reset);
}

function outline(
  box: HTMLElement,
  plot: HTMLElement,
  svg: SVGSVGElement,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): void {
  const shown = svg.getBoundingClientRect();
  const own = plot.getBoundingClientRect();
  const zoom = shown.width / (svg.width.baseVal.value || shown.width);
  const [left, top] = [shown.left - own.left + plot.scrollLeft, shown.top - own.top + plot.scrollTop];
  Object.assign(box.style, {
    left: `${left + zoom * Math.min(x0, x1)}px`,
    top: `${top + zoom * Math.min(y0, y1)}px`,
    width: `${zoom * Math.abs(x1 - x0)}px`,
    height: `${zoom * Math.abs(y1 - y0)}px`,
  });
}
