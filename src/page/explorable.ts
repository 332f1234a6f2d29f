import { type Axis, allAxes, allMarks, isPanel, type Mark, scaledChannels, type VegaSpec } from './vega-spec.ts';

/** A figure's specification made ready for zoom, other scales and series on and off, with what the page must know to offer them. */
export interface Explorable {
  readonly spec: VegaSpec;
  /** Scales of position that can be moved. */
  readonly positions: readonly Position[];
  /** Groups that are panels, by name of their mark ('' is the whole figure), and the scales of their marks. */
  readonly panels: ReadonlyMap<string, { readonly x?: string; readonly y?: string }>;
  readonly series: readonly Series[];
  /** What there is to say of a datum, by name of its mark. */
  readonly fields: ReadonlyMap<string, readonly { readonly label: string; readonly field: string }[]>;
}

export interface Position {
  readonly name: string;
  readonly channel: 'x' | 'y';
  /** As the figure was made. */
  readonly madeLog: boolean;
  readonly log: boolean;
}

/** Series that one button shows and hides: what its legend entries say before the exponents that they quote. */
export interface Series {
  readonly name: string;
  readonly entries: readonly string[];
  readonly color: string | undefined;
}

const movable = new Set(['linear', 'log', 'sqrt', 'pow', 'symlog']);
const mostSeries = 16;
const quoted = /, [ταγbm] = .*$/;

/** Signals of a scale: its domain (null: as made), and long ticks, labels and all ticks where it is logarithmic. */
export const signalsOf = (scale: string) => ({
  domain: `moved_${scale}`,
  majors: `majors_${scale}`,
  labels: `labels_${scale}`,
  values: `values_${scale}`,
});

/**
 * @param switched scales that are to be logarithmic (true) or linear (false) in place of what they were made
 */
export function explorable(made: VegaSpec, switched: ReadonlyMap<string, boolean> = new Map()): Explorable {
  const axes = allAxes(made);
  const positions = positionsOf(made, axes, switched);
  const byName = new Map(positions.map((position) => [position.name, position]));
  const { spec: filtered, series } = filterable(made);
  const remade = withScope(filtered, byName);
  const signals = positions.flatMap(({ name, log }) => {
    const { domain, majors, labels, values } = signalsOf(name);
    return [
      { name: domain, value: null },
      ...(log ? [majors, labels, values].map((signal) => ({ name: signal, value: [] })) : []),
    ];
  });
  return {
    spec: {
      ...remade,
      signals: [
        ...(remade.signals ?? []),
        ...signals,
        { name: 'moved', value: false },
        { name: 'hidden_series', value: [] },
      ],
      scales: (remade.scales ?? []).map((scale) => {
        const position = byName.get(scale.name);
        if (position === undefined) return scale;
        const asMade = scale.type ?? 'linear';
        const type = position.log === position.madeLog ? asMade : position.log ? 'log' : 'linear';
        const zero = position.log ? { zero: false } : {};
        return { ...scale, type, ...zero, domainRaw: { signal: signalsOf(scale.name).domain } };
      }),
    },
    positions,
    panels: panelsOf(made, byName),
    series,
    fields: fieldsOf(made, axes),
  };
}

function positionsOf(spec: VegaSpec, axes: readonly Axis[], switched: ReadonlyMap<string, boolean>): Position[] {
  return (spec.scales ?? []).flatMap(({ name, type = 'linear' }) => {
    const axis = axes.find(({ scale }) => scale === name);
    if (axis === undefined || !movable.has(type)) return [];
    const channel = axis.orient === 'left' || axis.orient === 'right' ? 'y' : 'x';
    const madeLog = type === 'log';
    return [{ name, channel, madeLog, log: switched.get(name) ?? madeLog } as const];
  });
}

/** Axes that follow their scales, and marks that stay within their panel once it has moved. */
function withScope<S extends VegaSpec | Mark>(scope: S, positions: ReadonlyMap<string, Position>): S {
  const axes = scope.axes?.map((axis) => followed(axis, positions.get(axis.scale)));
  const marks = scope.marks?.map((mark) => {
    const inner = withScope(mark, positions);
    return mark.type === 'group' || mark.clip !== undefined ? inner : { ...inner, clip: { signal: 'moved' } };
  });
  return { ...scope, ...(axes === undefined ? {} : { axes }), ...(marks === undefined ? {} : { marks }) };
}

function followed(axis: Axis, position: Position | undefined): Axis {
  if (position === undefined) return axis;
  const { values, tickSize, ...rest } = axis;
  const { labels: labelEncode, grid: gridEncode, ...encode } = axis.encode ?? {};
  if (!position.log) {
    if (position.madeLog) return { ...rest, encode };
    return values === undefined
      ? axis
      : { ...axis, values: { signal: `${signalsOf(axis.scale).domain} ? null : ${JSON.stringify(values)}` } };
  }
  const { majors, labels, values: ticks } = signalsOf(axis.scale);
  const major = `indexof(${majors}, datum.value) >= 0`;
  const text = { signal: `${major} ? ${labels}[indexof(${majors}, datum.value)] : ''` };
  const opacity = { signal: `${major} ? 1 : 0` };
  return axis.grid === true
    ? {
        ...rest,
        values: { signal: ticks },
        encode: { ...encode, grid: { update: { ...gridEncode?.update, opacity } } },
      }
    : {
        ...rest,
        values: { signal: ticks },
        tickSize: { signal: `${major} ? 6 : 3` },
        labelOverlap: false,
        encode: { ...encode, labels: { update: { ...labelEncode?.update, text } } },
      };
}

/** The same figure with its series behind a filter, and their names and colours. */
function filterable(spec: VegaSpec): { spec: VegaSpec; series: Series[] } {
  const nominal = (spec.scales ?? []).filter(
    ({ type, domain }) =>
      type === 'ordinal' && Array.isArray(domain) && domain.length <= mostSeries && domain.every(isText),
  );
  const legends = new Set([spec, ...allMarks(spec)].flatMap(({ legends = [] }) => legends.flatMap(Object.values)));
  const found = new Map<string, { entries: Set<string>; color: string | undefined }>();
  for (const { name, domain, range } of nominal) {
    if (!legends.has(name)) continue;
    (domain as string[]).forEach((text, i) => {
      const color = Array.isArray(range) && isText(range[i]) && range[i].startsWith('#') ? range[i] : undefined;
      const key = text.replace(quoted, '');
      const group = found.get(key) ?? { entries: new Set(), color };
      group.entries.add(text);
      found.set(key, group);
    });
  }
  if (found.size < 2) return { spec, series: [] };

  // Of a panel whose legend is elsewhere, too; but not dashes that no legend names.
  const entries = new Set([...found.values()].flatMap((group) => [...group.entries]));
  const named = new Set(
    nominal.filter(({ domain }) => (domain as string[]).some((text) => entries.has(text))).map(({ name }) => name),
  );
  const sources = new Set((spec.data ?? []).map(({ name }) => name));
  const more = new Map<string, object>();
  const fieldOf = (mark: Mark): string | undefined =>
    [mark, ...allMarks(mark)].flatMap(scaledChannels).find(({ scale }) => named.has(scale))?.field;
  const shown = (mark: Mark): Mark => {
    const source = mark.from?.data ?? mark.from?.facet?.data;
    const field = fieldOf(mark);
    if (field === undefined) return mark;
    if (source === undefined || !sources.has(source)) {
      return mark.marks === undefined ? mark : { ...mark, marks: mark.marks.map(shown) };
    }
    const name = `${source}_shown_${field}`;
    const expr = `indexof(hidden_series, datum[${JSON.stringify(field)}]) < 0`;
    more.set(name, { name, source, transform: [{ type: 'filter', expr }] });
    const { facet } = mark.from!;
    return { ...mark, from: facet === undefined ? { data: name } : { facet: { ...facet, data: name } } };
  };
  const marks = (spec.marks ?? []).map(shown);
  const data = [
    ...(spec.data ?? []),
    ...(more.values() as Iterable<VegaSpec['data'] extends readonly (infer D)[] ? D : never>),
  ];
  return {
    spec: { ...spec, marks, data },
    series: [...found].map(([name, { entries, color }]) => ({ name, entries: [...entries], color })),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

function panelsOf(spec: VegaSpec, positions: ReadonlyMap<string, Position>): Explorable['panels'] {
  const panels = new Map<string, { x?: string; y?: string }>();
  const scopes: [string, VegaSpec | Mark][] = [
    ['', spec],
    ...allMarks(spec).map((mark) => [mark.name ?? '', mark] as [string, Mark]),
  ];
  for (const [name, scope] of scopes) {
    if (!isPanel(scope)) continue;
    const scales = allMarks(scope)
      .flatMap(scaledChannels)
      .filter(({ scale }) => positions.has(scale));
    const of = (channel: 'x' | 'y'): string | undefined => scales.find((one) => one.channel === channel)?.scale;
    const [x, y] = [of('x'), of('y')];
    panels.set(name, { ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }) });
  }
  return panels;
}

const told = new Set(['x', 'y', 'x2', 'y2', 'fill', 'stroke', 'size', 'shape', 'opacity']);

function fieldsOf(spec: VegaSpec, axes: readonly Axis[]): Explorable['fields'] {
  const titles = new Map<string, string>();
  for (const { scale, title } of axes) if (isText(title) && title !== '') titles.set(scale, title);
  for (const legend of [spec, ...allMarks(spec)].flatMap(({ legends = [] }) => legends)) {
    const { title } = legend;
    if (isText(title)) for (const scale of Object.values(legend)) if (isText(scale)) titles.set(scale, title);
  }
  const fields = new Map<string, { label: string; field: string }[]>();
  for (const mark of allMarks(spec)) {
    if (mark.name === undefined || mark.type === 'group') continue;
    const list: { label: string; field: string }[] = [];
    for (const { channel, scale, field } of scaledChannels(mark)) {
      if (!told.has(channel) || field.startsWith('_') || list.some((one) => one.field === field)) continue;
      const ends = channel === 'x2' || channel === 'y2' ? ' to' : '';
      list.push({ label: `${titles.get(scale) ?? ''}${ends}`, field });
    }
    fields.set(mark.name, list);
  }
  return fields;
}
