import { siNumber } from '../report/quantity.ts';
import type { Drawing } from './drawing.ts';
import { inDrawing } from './gestures.ts';
import { nearest, type Target } from './nearest.ts';

function shown(value: unknown): string {
  if (typeof value !== 'number') return String(value ?? '–');
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(4))).replace('-', '−');
  return size >= 1e5 && size < 1e9 && Number.isInteger(value)
    ? siNumber(value)
    : value.toExponential(3).replaceAll('-', '−');
}

/** What is said of a target, a line each. */
function linesOf(drawing: Drawing, { mark, datum }: Target): string[] {
  return (drawing.of.fields.get(mark) ?? [])
    .filter(({ field }) => datum[field] !== undefined && datum[field] !== null)
    .map(({ label, field }) => (label === '' ? shown(datum[field]) : `${label}: ${shown(datum[field])}`));
}

/** Shows the values of the point nearest to the pointer, with a ring about it. */
export function listenForHover(plot: HTMLElement, current: () => Drawing | undefined): void {
  const tip = plot.appendChild(Object.assign(document.createElement('div'), { className: 'tip', hidden: true }));
  const ring = plot.appendChild(Object.assign(document.createElement('div'), { className: 'ring', hidden: true }));
  tip.setAttribute('aria-hidden', 'true');
  const hide = (): void => {
    tip.hidden = true;
    ring.hidden = true;
  };
  plot.addEventListener('pointermove', (event) => {
    const drawing = current();
    const svg = drawing?.svg();
    if (drawing === undefined || svg == null || (event.buttons & 1) === 1) return hide();
    const target = nearest(drawing.targets(), ...inDrawing(svg, event));
    if (target === undefined) return hide();
    tip.replaceChildren(
      ...linesOf(drawing, target).map((text) => Object.assign(document.createElement('div'), { textContent: text })),
    );
    const [box, own] = [svg.getBoundingClientRect(), plot.getBoundingClientRect()];
    const zoom = box.width / (svg.width.baseVal.value || box.width);
    const x = box.left - own.left + plot.scrollLeft + zoom * target.x;
    const y = box.top - own.top + plot.scrollTop + zoom * target.y;
    tip.hidden = false;
    ring.hidden = target.half !== undefined;
    Object.assign(ring.style, { left: `${x - 6}px`, top: `${y - 6}px` });
    const left = Math.min(Math.max(0, x + 12), Math.max(0, plot.scrollLeft + plot.clientWidth - tip.offsetWidth));
    Object.assign(tip.style, { left: `${left}px`, top: `${y + 14}px` });
  });
  plot.addEventListener('pointerleave', hide);
}
