import type { PageData } from '../report/page-data.ts';

document.documentElement.classList.add('runs');

import { mountFitWindow } from './fit-window.ts';
import { mountFigure } from './mount-figure.ts';
import { offerScheme } from './scheme.ts';
import { unpackedSpecs } from './specs.ts';
import { enhanceTable } from './tables.ts';

const status = document.querySelector<HTMLElement>('#status');
const say = (text: string): void => {
  if (status !== null) status.textContent = text;
};

const nav = document.querySelector<HTMLElement>('nav');
if (nav !== null) offerScheme(nav);
for (const table of document.querySelectorAll('table')) enhanceTable(table, say);

const text = document.querySelector('#page-data')?.textContent;
if (text !== undefined && text !== null && text !== '') {
  const data = JSON.parse(text) as PageData;
  // Drawn when it comes near: a page of many figures opens at once.
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        const figure = target as HTMLElement;
        mountFigure(figure, unpackedSpecs(data, figure.id.replace(/^figure-/, ''))).catch((error: unknown) => {
          // The static picture is still there.
          console.error(error);
        });
      }
    },
    { rootMargin: '400px' },
  );
  for (const name of Object.keys(data.figures)) {
    const figure = document.getElementById(`figure-${name}`);
    if (figure !== null) observer.observe(figure);
  }
  const panel = document.querySelector<HTMLElement>('#fit-window');
  if (panel !== null && data.distributions !== undefined) mountFitWindow(panel, data);
}
