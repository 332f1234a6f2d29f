const namespace = 'http://www.w3.org/2000/svg';
const [width, height, margin] = [320, 140, 10];

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where an estimate has been over the last half of what was seen. */
export function wandered(points: readonly Point[]): [low: number, high: number] | undefined {
  const last = points.at(-1);
  const late = points
    .filter(({ x, y }) => last !== undefined && x >= last.x / 2 && Number.isFinite(y))
    .map(({ y }) => y);
  return late.length === 0 ? undefined : [Math.min(...late), Math.max(...late)];
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** An estimate against what was seen, with a band where it has lately been, and in words. */
export function traceOf(name: string, points: readonly Point[]): HTMLElement {
  const figure = document.createElement('figure');
  const range = wandered(points);
  const last = points.at(-1);
  if (range === undefined || last === undefined) return figure;
  const ys = points.map(({ y }) => y);
  const middle = (range[0] + range[1]) / 2;
  // Early noise must not set the scale.
  const half = Math.max(
    0.05,
    2 * (range[1] - range[0]),
    ...(points.length < 8 ? ys.map((y) => Math.abs(y - middle)) : []),
  );
  const most = Math.max(1, last.x);
  const across = (x: number): number => margin + ((width - 2 * margin) * x) / most;
  const up = (y: number): number => height / 2 - (height / 2 - margin) * Math.max(-1, Math.min(1, (y - middle) / half));
  const svg = element('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': `${name}, now ${last.y.toFixed(3)}`,
  });
  svg.append(
    element('rect', {
      x: across(last.x / 2),
      y: up(range[1]),
      width: across(last.x) - across(last.x / 2),
      height: Math.max(1, up(range[0]) - up(range[1])),
      fill: 'currentColor',
      opacity: 0.18,
    }),
    element('polyline', {
      points: points.map(({ x, y }) => `${across(x).toFixed(1)},${up(y).toFixed(1)}`).join(' '),
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.5,
    }),
  );
  const caption = document.createElement('figcaption');
  caption.textContent = `${name} = ${last.y.toFixed(3)}, lately ${range[0].toFixed(3)} to ${range[1].toFixed(3)}`;
  figure.append(svg, caption);
  return figure;
}
