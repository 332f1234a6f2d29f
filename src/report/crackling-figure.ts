import { apartWords, isApart } from './apart.ts';
import { collapsePanels } from './collapse-figure.ts';
import { distributionPanel } from './distribution-figure.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { scalingPanel } from './scaling-figure.ts';
import { seriesOf } from './series.ts';
import { sizeWords } from './size-words.ts';
import { rowsOf, type Tables } from './table-row.ts';
import { themed } from './theme.ts';

/**
 * The whole crackling analysis of one set of avalanches on a page: distributions of size and duration, mean size against duration
 * and, where there are profiles, the shape collapse. Reads what those figures read.
 */
export function cracklingFigure(tables: Tables): Figure {
  const name = 'crackling';
  const title = 'Crackling analysis';
  const panels = [
    distributionPanel(tables, 'size'),
    distributionPanel(tables, 'duration'),
    scalingPanel(tables),
  ].filter((panel) => panel !== undefined);
  if (panels.length === 0) return emptyFigure(name, title, 'No avalanches to draw.');
  const resolve = {
    scale: { color: 'independent', shape: 'independent', strokeDash: 'independent' },
    legend: { color: 'independent', shape: 'independent', strokeDash: 'independent' },
  };
  const rows: object[] = [{ hconcat: panels, resolve }];
  const shapes = seriesOf(tables, rowsOf(tables, 'collapse'))[0];
  if (shapes !== undefined) rows.push({ hconcat: collapsePanels(tables, shapes), resolve, spacing: 60 });
  return {
    name,
    title,
    caption: `Top: distributions of avalanche size and duration; sizes are ${sizeWords(tables).meaning}; with their power laws, and mean size against duration with the fitted slope and the one that the crackling relation predicts. Bottom: mean shapes of avalanches, the same rescaled, and the error of the collapse.${isApart(panels) ? apartWords : ''}`,
    spec: themed({ vconcat: rows, resolve }),
  };
}
