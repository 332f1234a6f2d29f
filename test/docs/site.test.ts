import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type CompilerError, compile } from '@vue/compiler-dom';
import { createMarkdownRenderer, type MarkdownEnv } from 'vitepress';
import { describe, expect, it } from 'vitest';
import config, { besidePages } from '../../docs/.vitepress/config.ts';
import { root } from '../cli/crackle.ts';

/*
 * What ends a build of the site, at a fifth of its time: pages go through VitePress' own renderer (without colours for code) and Vue's own
 * compiler, and their links are looked up. Headings too, which VitePress doesn't.
 */

const folder = join(root, 'docs');
const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.md') && !path.startsWith('.vitepress'),
);

const warnings: string[] = [];
const logger = { info: () => {}, warn: (text: string) => warnings.push(text) };
const plain = (code: string): string => `<pre v-pre>${code.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>`;
const renderer = createMarkdownRenderer(folder, { ...config.markdown, highlight: plain }, '/', logger);

/** Rendered, with the ids that a link may point at and what Vue makes of it. */
async function rendered(path: string, text: string) {
  const env: MarkdownEnv = { path: join(folder, path), relativePath: path, cleanUrls: false };
  const html = (await renderer).render(text, env);
  const errors: string[] = [];
  compile(html, {
    isCustomElement: (tag) => tag.startsWith('mjx-'),
    onError: ({ message, loc }: CompilerError) => errors.push(`${path}: ${message} at ${loc?.source.slice(0, 60)}`),
  });
  const ids = new Set([...html.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id!));
  const links = [...html.matchAll(/<a href="([^"]+)"/g)].map(([, link]) => link!);
  return { path, ids, links: links.filter((link) => !/^\w+:/.test(link)), errors };
}

type Rendered = Awaited<ReturnType<typeof rendered>>;

/** Links to pages or headings of the site that aren't there. */
function dead(pages: readonly Rendered[]): string[] {
  const idsOf = new Map(pages.map(({ path, ids }) => [path, ids]));
  return pages.flatMap(({ path, links }) =>
    links.flatMap((link) => {
      const [page = '', heading] = link.split('#');
      const file = resolve(folder, dirname(path), page);
      const beside = besidePages.some((copied) => dirname(file) === join(folder, copied)) && existsSync(file);
      if (beside) return [];
      const own = page === '' ? path : relative(folder, file);
      const ids = idsOf.get(own.replace(/\.html$/, '.md'));
      const there = ids !== undefined && (heading === undefined || ids.has(decodeURIComponent(heading)));
      return there ? [] : [`${path}: ${link}`];
    }),
  );
}

describe('the site of the docs', () => {
  it('has no dead link, to a page or a heading, and no page that does not compile', async () => {
    const pages: Rendered[] = [];
    for (const path of paths) pages.push(await rendered(path, readFileSync(join(folder, path), 'utf8')));
    expect(pages.flatMap(({ links }) => links).length).toBeGreaterThan(60);
    expect([dead(pages), pages.flatMap(({ errors }) => errors), warnings]).toEqual([[], [], []]);
  });

  it('would notice either', async () => {
    const page = await rendered(
      'x.md',
      '# Here we are\n\n[a](#here-we-are) [b](#there) [c](limits.md#what) [d](none.md) [e](clusters/none.sbatch)',
    );
    const other = await rendered('limits.md', '# Limits');
    expect(dead([page, other])).toEqual(
      ['#there', './limits.html#what', './none.html', 'clusters/none.sbatch'].map((link) => `x.md: ${link}`),
    );
    expect((await rendered('x.md', 'a width <N>, and more')).errors).toHaveLength(1);
  });
});
