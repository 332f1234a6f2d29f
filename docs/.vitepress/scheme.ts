/**
 * Has pictures follow the reader's colour scheme, as those of reports do: a figure of a run goes into docs/images by
 * `npx tsx docs/.vitepress/scheme.ts docs/images/*.svg`. Browsers apply the scheme of the page to images in it, the site's switch included.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { darkRules } from '../../src/report/dark-colors.ts';

const style = /<style>@media \(prefers-color-scheme: dark\)[^<]*<\/style>/;

/** The same SVG with the dark colours of what is in it; the same where it has them. */
export function followingScheme(svg: string): string {
  const plain = svg.replace(style, '');
  const rules = darkRules('')
    .split('\n')
    .filter((rule) => plain.toLowerCase().includes(/\[(\w+="[^"]*")/.exec(rule)![1]!.toLowerCase()))
    .map((rule) => rule.trim());
  return plain.replace('</title>', `</title><style>@media (prefers-color-scheme: dark){${rules.join('')}}</style>`);
}

if (process.argv[1]?.endsWith('scheme.ts')) {
  for (const path of process.argv.slice(2)) writeFileSync(path, followingScheme(readFileSync(path, 'utf8')));
}
