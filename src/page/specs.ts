import type { PackedSpec, PageData } from '../report/page-data.ts';
import type { FigureSpecs } from './figure-view.ts';
import type { VegaSpec } from './vega-spec.ts';

/** The specifications of a figure with the data that they share put back. */
export function unpackedSpecs({ figures, values }: PageData, name: string): FigureSpecs {
  const { wide, narrow } = figures[name]!;
  const unpacked = (packed: PackedSpec): VegaSpec => ({
    ...packed.spec,
    data: packed.spec.data.map((set) =>
      set.shared === undefined ? set : { name: set.name, values: rowsOf(values[set.shared]!) },
    ),
  });
  return { wide: unpacked(wide), ...(narrow === undefined ? {} : { narrow: unpacked(narrow) }) };
}

/** Rows of columns. */
function rowsOf({ names, columns }: PageData['values'][number]): object[] {
  const length = columns[0]?.length ?? 0;
  return Array.from({ length }, (_, i) => Object.fromEntries(names.map((name, c) => [name, columns[c]![i]])));
}
