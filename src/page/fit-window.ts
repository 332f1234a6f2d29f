import { type BinnedFit, fitBinned } from '../fit/binned.ts';
import { withError } from '../report/concise.ts';
import type { PageData, WindowedDistribution } from '../report/page-data.ts';
import { fullNumber, plainNumber } from '../report/quantity.ts';
import { Drawing } from './drawing.ts';
import { explorable } from './explorable.ts';
import { listenForHover } from './hover.ts';
import type { VegaSpec } from './vega-spec.ts';

/** A window of bins: from edge `first` to edge `last`, open where the law goes on beyond it. */
interface BinWindow {
  readonly first: number;
  readonly last: number;
  readonly open: boolean;
}

/** The window of the run's own fit, on the nearest edges. */
function windowOf({ edges, counts, fitted }: WindowedDistribution): BinWindow {
  const nearest = (x: number): number =>
    edges.reduce(
      (best, edge, i) => (Math.abs(Math.log(edge / x)) < Math.abs(Math.log(edges[best]! / x)) ? i : best),
      0,
    );
  const open = fitted.max === null;
  const last = open ? counts.length : Math.max(2, nearest(fitted.max!));
  return { first: Math.min(nearest(fitted.min), last - 2), last, open };
}

/** Points of a distribution, and its fitted line over the window. */
function drawnOf({ edges, counts, discrete }: WindowedDistribution, { first, last }: BinWindow, fit?: BinnedFit) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const centre = (b: number): number => Math.sqrt(edges[b]! * (discrete ? edges[b + 1]! - 1 : edges[b + 1]!));
  const points = counts.map((count, b) => ({
    x: centre(b),
    y: count / total / (edges[b + 1]! - edges[b]!),
    part: b >= first && b < last ? 'in the window' : 'outside',
  }));
  if (fit === undefined) return { points, line: [] };
  let [weight, level] = [0, 0];
  for (let b = first; b < last; b++) {
    if (counts[b] === 0) continue;
    const { x, y } = points[b]!;
    const w = Math.sqrt(counts[b]!);
    weight += w;
    level += w * (Math.log(y) + fit.exponent * Math.log(x));
  }
  const height = Math.exp(level / weight);
  const line = [edges[first]!, edges[last]!].map((x) => ({ x, y: height * x ** -fit.exponent }));
  return { points, line };
}

/** The control that moves the window of a fit, and shows what comes of it. */
export function mountFitWindow(panel: HTMLElement, { distributions = [], windowSpec }: PageData): void {
  const one = <E extends HTMLElement>(name: string): E => panel.querySelector<E>(`[name="${name}"]`)!;
  const choice = one<HTMLSelectElement>('distribution');
  const [low, high] = [one<HTMLInputElement>('first'), one<HTMLInputElement>('last')];
  const plot = panel.querySelector<HTMLElement>('.plot')!;
  const found = panel.querySelector<HTMLOutputElement>('output')!;
  let drawing: Drawing | undefined;
  let own: BinWindow = { first: 0, last: 2, open: false };
  listenForHover(plot, () => drawing);

  const current = (): WindowedDistribution => distributions[Number(choice.value)]!;
  const chosen = (): BinWindow => {
    const [first, last] = [Number(low.value), Number(high.value)];
    return { first, last, open: own.open && last === current().counts.length };
  };
  const show = async (): Promise<void> => {
    const distribution = current();
    const window = chosen();
    const { symbol, variable, edges, fitted, discrete } = distribution;
    let fit: BinnedFit | undefined;
    let text: string;
    const [from, to] = [edges[window.first]!, window.open ? Infinity : edges[window.last]!];
    const shown = `${short(from)} ≤ ${variable}${window.open ? '' : ` ${discrete ? '≤' : '<'} ${short(discrete ? to - 1 : to)}`}`;
    try {
      fit = fitBinned(distribution, window.first, window.last, window.open);
      text = `${symbol} = ${withError(fit.exponent, fit.standardError)}, KS = ${fit.ks.toPrecision(3)}, ${fullNumber(fit.n)} avalanches with ${shown}`;
    } catch (error) {
      text = `${shown}: ${(error as Error).message}`;
    }
    found.textContent = `${text}. The run's fit: ${fitted.estimate}.`;
    low.setAttribute('aria-valuetext', `${variable} from ${short(from)}`);
    high.setAttribute('aria-valuetext', to === Infinity ? 'no upper cutoff' : `${variable} to ${short(to)}`);
    if (drawing === undefined) return;
    const { points, line } = drawnOf(distribution, window, fit);
    drawing.view.data('points', points).data('line', line);
    await drawing.draw();
  };
  const open = async (): Promise<void> => {
    const distribution = current();
    own = windowOf(distribution);
    const bins = distribution.counts.length;
    Object.assign(low, { min: '0', max: String(bins - 2), value: String(own.first) });
    Object.assign(high, { min: '2', max: String(bins), value: String(own.last) });
    drawing?.view.finalize();
    const canvas = document.createElement('div');
    drawing = new Drawing(explorable(specOf(windowSpec!.spec as VegaSpec, distribution)), canvas);
    plot.querySelector('.canvas')?.remove();
    canvas.className = 'canvas';
    plot.prepend(canvas);
    await show();
    drawing.svg()?.setAttribute('role', 'img');
    drawing.svg()?.setAttribute('aria-label', `Distribution, ${distribution.label}, with its fit in the window`);
  };
  distributions.forEach(({ label }, i) => {
    choice.append(Object.assign(document.createElement('option'), { value: String(i), textContent: label }));
  });
  choice.addEventListener('change', open);
  const kept = (moved: HTMLInputElement): void => {
    if (Number(high.value) - Number(low.value) < 2) {
      if (moved === low) low.value = String(Number(high.value) - 2);
      else high.value = String(Number(low.value) + 2);
    }
    show();
  };
  low.addEventListener('input', () => kept(low));
  high.addEventListener('input', () => kept(high));
  panel.querySelector('button')!.addEventListener('click', open);
  panel.hidden = false;
  // Drawn when it comes near, as figures are.
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      open();
    },
    { rootMargin: '400px' },
  );
  observer.observe(panel);
}

const short = (x: number): string => plainNumber(x, 3);

/** The window's figure with the extent and the titles of one distribution. */
function specOf(spec: VegaSpec, distribution: WindowedDistribution): VegaSpec {
  const { points } = drawnOf(distribution, { first: 0, last: distribution.counts.length, open: false });
  const full = points.filter(({ y }) => y > 0);
  const padded = (values: number[]): [number, number] => [Math.min(...values) / 1.5, Math.max(...values) * 2.5];
  const domains: Record<string, [number, number]> = {
    x: padded(full.map(({ x }) => x)),
    y: padded(full.map(({ y }) => y)),
  };
  const titles: Record<string, string> = { x: distribution.variable, y: `P(${distribution.variable})` };
  return {
    ...spec,
    scales: (spec.scales ?? []).map((scale) => {
      const domain = domains[scale.name];
      return domain === undefined ? scale : { ...scale, domain };
    }),
    axes: (spec.axes ?? []).map((axis) => (axis.grid === true ? axis : { ...axis, title: titles[axis.scale] })),
  };
}
