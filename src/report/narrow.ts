import { panelSize } from './theme.ts';

type View = Readonly<Record<string, unknown>>;

const narrowWidth = 290; // px of a panel
const leastWidth = 150; // px from which a panel is one for data

const isView = (value: unknown): value is View => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same figure for narrow pages: panels below each other and no wider than a phone, legends below. */
export function narrowSpec(spec: View): View {
  const { hconcat, ...rest } = spec;
  const out: Record<string, unknown> = hconcat === undefined ? { ...spec } : { ...rest, vconcat: hconcat };
  for (const key of ['vconcat', 'concat', 'layer']) {
    if (Array.isArray(out[key])) out[key] = out[key].map((view) => (isView(view) ? narrowSpec(view) : view));
  }
  if (Array.isArray(out.concat) || typeof out.columns === 'number') out.columns = 1;
  if (isView(out.spec)) out.spec = narrowSpec(out.spec);
  if (typeof out.width === 'number' && out.width >= leastWidth) {
    if (typeof out.height === 'number' && out.height > panelSize.height) {
      out.height = Math.max(panelSize.height, Math.round((out.height * narrowWidth) / out.width));
    }
    out.width = narrowWidth;
  }
  if (isView(out.encoding))
    out.encoding = Object.fromEntries(Object.entries(out.encoding).map(([k, v]) => [k, labelled(below(v))]));
  return out;
}

/** A channel whose labels stood beside the panel to the left of this one: now they have to stand here. */
function labelled(channel: unknown): unknown {
  if (!isView(channel) || !isView(channel.axis) || channel.axis.labels !== false) return channel;
  const { labels: _, ...axis } = channel.axis;
  return channel.type === 'nominal' ? { ...channel, axis } : channel;
}

/** A channel with its legend below the figure, in as many columns as its texts leave room for. */
function below(channel: unknown): unknown {
  if (!isView(channel) || !isView(channel.legend)) return channel;
  const { orient = 'right' } = channel.legend;
  if (orient !== 'right' && orient !== 'left' && orient !== 'bottom') return channel;
  const legend = { ...channel.legend, orient: 'bottom' };
  if (channel.type === 'quantitative') return { ...channel, legend: { ...legend, direction: 'horizontal' } };
  const domain = isView(channel.scale) && Array.isArray(channel.scale.domain) ? channel.scale.domain : [];
  const longest = Math.max(0, ...domain.map((text) => String(text).length));
  const columns = longest > 18 ? 1 : longest > 9 ? 2 : 3;
  return { ...channel, legend: { ...legend, direction: 'vertical', columns } };
}
