import type { Figure } from './figure.ts';
import { textWidth } from './glyph-width.ts';
import { faint, panelSize, themed } from './theme.ts';

/** A figure that says in one sentence why there is nothing to draw: a missing table is a result, not a crash. */
export function emptyFigure(name: string, title: string, message: string): Figure {
  const fontSize = 12;
  const width = Math.max(panelSize.width, Math.ceil(textWidth(message, fontSize)) + 40);
  return {
    name,
    title,
    caption: message,
    empty: true,
    spec: themed({
      title,
      width,
      height: 120,
      data: { values: [{ message }] },
      mark: { type: 'text', fontSize, color: faint },
      encoding: { text: { field: 'message', type: 'nominal' } },
    }),
  };
}
