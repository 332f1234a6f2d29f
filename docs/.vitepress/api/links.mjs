/** Every link within the built site, the API reference included, leads to a file that is there and to a place in it; else exit code 1. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '../dist');
const pages = readdirSync(root, { recursive: true }).filter((name) => name.endsWith('.html'));
const textOf = new Map(pages.map((name) => [join(root, name), readFileSync(join(root, name), 'utf8')]));
const idsOf = new Map();
const decoded = (text) => decodeURIComponent(text.replaceAll('&amp;', '&').replaceAll('&quot;', '"'));

/** @returns {Set<string>} */
function ids(path) {
  if (!idsOf.has(path)) {
    idsOf.set(
      path,
      new Set(Array.from(textOf.get(path)?.matchAll(/\s(?:id|name)="([^"]*)"/g) ?? [], ([, id]) => decoded(id))),
    );
  }
  return idsOf.get(path);
}

const dead = [];
let count = 0;
for (const [page, text] of textOf) {
  for (const [, href] of text.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)) {
    if (/^[a-z]+:|^\/\//i.test(href)) continue;
    count++;
    const [path, place] = decoded(href).split('#');
    let target = path === '' ? page : path.startsWith('/') ? join(root, path) : join(dirname(page), path);
    if (existsSync(target) && statSync(target).isDirectory()) target = join(target, 'index.html');
    // Pages that the 404 page's script makes have no ids here; what isn't HTML has none either.
    const there = existsSync(target) && (!place || !textOf.has(target) || ids(target).has(place));
    if (!there) dead.push(`${relative(root, page)}: ${href}`);
  }
}
if (count === 0) throw new Error('no links: build the site first, npm run docs');
console.log(`${count} links within ${pages.length} pages, ${dead.length} dead`);
for (const one of new Set(dead)) console.error(one);
process.exitCode = dead.length === 0 ? 0 : 1;
