import { faint, ink, palette } from './theme.ts';

/**
 * Colours of figures on dark ground, by those on white: grounds and inks change places, series are lightened until each stands 4.5 : 1 clear of
 * the ground. Colours of scales (viridis) mean what they mean on either.
 */
const darkColors: Readonly<Record<string, string>> = {
  '#ffffff': '#1b1e21',
  white: '#1b1e21',
  '#ffffffcc': '#1b1e21cc',
  [ink]: '#e6e7e8',
  [faint]: '#a9afb4',
  '#000': '#e6e7e8',
  '#000000': '#e6e7e8',
  black: '#e6e7e8',
  '#ebebeb': '#33383d',
  '#c8c8c8': '#4a5056',
  '#dcdcdc': '#4a5056',
  [palette[0]!]: '#4fa6e0',
  [palette[1]!]: '#f0843a',
  [palette[2]!]: '#2fbf95',
  [palette[3]!]: '#e29bc2',
  [palette[4]!]: '#f0b429',
  [palette[5]!]: '#8fd0f5',
  [palette[6]!]: '#b9bdc1',
  [palette[7]!]: '#c98a4b',
  [palette[8]!]: '#b98fdc',
  [palette[9]!]: '#c2c24a',
  [palette[10]!]: '#f07f9b',
  [palette[11]!]: '#5fb8b8',
};

/** Style rules that recolour drawings within `scope`. */
export function darkRules(scope: string): string {
  return Object.entries(darkColors)
    .flatMap(([light, dark]) =>
      ['fill', 'stroke'].map((kind) => `${scope} svg [${kind}="${light}" i] { ${kind}: ${dark}; }`),
    )
    .join('\n');
}
