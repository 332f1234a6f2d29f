import type { FigureView } from './figure-view.ts';

const step = 40; // px of the drawing

/** Arrows move what a figure shows, + and − magnify, 0 shows all of it. */
export function listenForKeys(plot: HTMLElement, view: FigureView): void {
  const keys: Record<string, () => void> = {
    ArrowLeft: () => view.shift(step, 0),
    ArrowRight: () => view.shift(-step, 0),
    ArrowUp: () => view.shift(0, step),
    ArrowDown: () => view.shift(0, -step),
    '+': () => view.zoom(1.25),
    '=': () => view.zoom(1.25),
    '-': () => view.zoom(0.8),
    '0': () => view.reset(),
  };
  plot.addEventListener('keydown', (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
