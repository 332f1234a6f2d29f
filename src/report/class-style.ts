import { palette } from './theme.ts';

/** `dp_2p1` as people write it: DP 2+1. */
export function className(id: string): string {
  const words = id.replace(/(\d)p1$/, '$1+1').split('_');
  const shown = words.map((word) => word.replace(/^(dp|rfim)$|^\dd$/, (part) => part.toUpperCase()));
  return shown.join(' ').replace(/^(brownian|manna|barkhausen)/, (name) => name[0]!.toUpperCase() + name.slice(1));
}

/** Classes in the order in which they take colours: the same one in every report. */
const known = [
  'mean field',
  'Brownian excursion',
  'DP 1+1',
  'DP 2+1',
  'DP 3+1',
  'Barkhausen 3D short range',
  'Barkhausen 2D long range',
  'Barkhausen 2D short range',
  'Manna 1D',
  'Manna 2D',
  'Manna 3D',
  'multiplicative walk',
];

const dashes = [
  [6, 3],
  [2, 2],
  [9, 3, 2, 3],
  [12, 2],
] as const;

/** Colour and dash of a class by its shown name: each colour once among the known ones, dashes alone tell neighbours apart in grey. */
export function classStyle(name: string): { readonly color: string; readonly dash: readonly number[] } {
  const at = known.indexOf(name);
  const i = at >= 0 ? at : [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), known.length);
  const round = Math.floor(i / dashes.length);
  return { color: palette[(i + 1) % palette.length]!, dash: dashes[(i + round) % dashes.length]! };
}
