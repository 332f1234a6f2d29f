import type { Figure } from './figure.ts';
import { faint, panelSize, themed } from './theme.ts';

/** A figure that says in one sentence why there is nothing to draw: a missing table is a result, not a crash. */
export function emptyFigure(name: string, title: string, message: string): Figure {
  return {
    name,
    title,
    caption: message,
    spec: themed({
      title,
      width: panelSize.width,
      height: 120,
      data: { values: [{ message }] },
      mark: { type: 'text', fontSize: 12, color: faint, limit: panelSize.width - 20 },
      encoding: { text: { field: 'message', type: 'nominal' } },
    }),
  };
}
