import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';

// Links to files that are no pages keep their names.
process.env.VITE_EXTRA_EXTENSIONS = 'ipynb,py,sbatch';

/** Folders with files that pages link to and that are no pages. */
export const besidePages: readonly string[] = ['clusters', 'snippets'];

/** `npm run docs`: pages into docs/.vitepress/dist; a dead link is an error. */
export default defineConfig({
  title: 'crackle',
  description: 'Finds and measures avalanches in deep neural networks',
  head: [
    ['link', { rel: 'icon', href: 'data:,' }],
    // Pictures follow the site's switch, not the system's, in either direction (scheme.ts).
    ['style', {}, 'html { color-scheme: light; } html.dark { color-scheme: dark; }'],
  ],
  cleanUrls: false,
  lastUpdated: false,
  markdown: { math: true, languageAlias: { mjs: 'js' } },
  buildEnd: ({ srcDir, outDir }) => {
    for (const folder of besidePages) cpSync(join(srcDir, folder), join(outDir, folder), { recursive: true });
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      { text: 'Science', link: '/science/networks' },
      { text: 'How to', link: '/how-to/tables' },
      { text: 'Reproduction', link: '/reproduction' },
      { text: 'API', link: '/api/index.html', target: '_self' },
    ],
    sidebar: [
      {
        text: 'Begin',
        items: [
          { text: 'What it is', link: '/' },
          { text: 'Tutorial', link: '/tutorial' },
          { text: 'Reports', link: '/reports' },
          { text: 'Parquet', link: '/parquet' },
          { text: 'Many machines', link: '/clusters' },
          { text: 'Faults', link: '/faults' },
          { text: 'Environment variables', link: '/environment' },
        ],
      },
      {
        text: 'Science',
        items: [
          { text: 'Networks and avalanches', link: '/science/networks' },
          { text: 'Exponents and windows', link: '/science/exponents' },
          { text: 'Errors', link: '/science/errors' },
          { text: 'Universality classes', link: '/science/classes' },
          { text: 'Mean-field theory', link: '/science/mean-field' },
          { text: 'Residual networks', link: '/science/residual' },
          { text: 'Controls and null models', link: '/science/controls' },
          { text: 'Learning', link: '/science/learning' },
          { text: 'On graphics cards', link: '/science/cards' },
        ],
      },
      {
        text: 'How to',
        items: [
          { text: 'Read the tables', link: '/how-to/tables' },
          { text: 'Recompute a run', link: '/how-to/recompute' },
          { text: 'Read a stream', link: '/how-to/streams' },
          { text: 'In a notebook', link: '/how-to/notebook' },
          { text: 'Fit your own data', link: '/how-to/fit' },
          { text: 'Compare with powerlaw', link: '/how-to/powerlaw' },
          { text: 'Neural recordings', link: '/how-to/recordings' },
          { text: 'Native TensorFlow and GPUs', link: '/how-to/gpu' },
          { text: 'Run folders in a bucket', link: '/how-to/buckets' },
        ],
      },
      {
        text: 'Pipelines',
        items: [
          { text: 'All of them', link: '/pipelines' },
          { text: 'gaussian-avalanches', link: '/pipelines/gaussian-avalanches' },
          { text: 'finite-size-scaling', link: '/pipelines/finite-size-scaling' },
          { text: 'activation-universality', link: '/pipelines/activation-universality' },
          { text: 'phase-diagram', link: '/pipelines/phase-diagram' },
          { text: 'correlation-depth', link: '/pipelines/correlation-depth' },
          { text: 'regimes', link: '/pipelines/regimes' },
          { text: 'resnet-avalanches', link: '/pipelines/resnet-avalanches' },
          { text: 'known-exponents', link: '/pipelines/known-exponents' },
          { text: 'trainability', link: '/pipelines/trainability' },
          { text: 'trained-avalanches', link: '/pipelines/trained-avalanches' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'Reproduction', link: '/reproduction' },
          { text: 'Published data', link: '/published-data' },
          { text: 'Glossary', link: '/glossary' },
          { text: 'Speed and memory', link: '/performance' },
          { text: 'Measurements behind choices', link: '/measurements' },
          { text: 'Node versions', link: '/node' },
          { text: 'Limits', link: '/limits' },
        ],
      },
    ],
  },
});
