import { figureTools } from './figure-tools.ts';
import { type FigureSpecs, FigureView } from './figure-view.ts';
import { listenForGestures } from './gestures.ts';
import { listenForHover } from './hover.ts';
import { listenForKeys } from './keys.ts';

/** Draws a figure in place of its static picture, with what moves, switches and hides it. */
export async function mountFigure(figure: HTMLElement, specs: FigureSpecs): Promise<void> {
  const plot = figure.querySelector<HTMLElement>('.plot')!;
  const picture = plot.querySelector('svg')!;
  const title = picture.querySelector('title')?.textContent ?? '';
  const view = await FigureView.drawn(specs, title);
  picture.remove();
  plot.prepend(view.canvas);
  const tools = figureTools(view, title);
  if (tools.element.childElementCount > 0) plot.before(tools.element);

  listenForHover(plot, () => view.drawing);
  if (view.drawing.of.positions.length > 0) {
    plot.classList.add('movable');
    listenForGestures(
      plot,
      () => view.drawing,
      () => view.reset(),
    );
    listenForKeys(plot, view);
  }
  if (specs.narrow !== undefined) {
    addEventListener('resize', () => {
      if (view.fitWidth()) tools.refresh();
    });
  }
}
