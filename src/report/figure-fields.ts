type View = Readonly<Record<string, unknown>>;

/** A field that a specification names and its data don't have. */
export interface MissingField {
  readonly field: string;
  /** Columns of the data there are. */
  readonly columns: readonly string[];
}

/** Columns of data; `open` where there may be others. */
interface Known {
  readonly columns: ReadonlySet<string>;
  readonly open: boolean;
}

const isView = (value: unknown): value is View => typeof value === 'object' && value !== null && !Array.isArray(value);
const views = (value: unknown): View[] => (Array.isArray(value) ? value : [value]).filter(isView);
const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');

const nested = ['layer', 'concat', 'hconcat', 'vconcat', 'spec'] as const;

/** Transforms that add no columns but those that they name. */
const told = ['filter', 'calculate', 'aggregate', 'joinaggregate', 'window', 'bin', 'timeUnit', 'stack', 'sample'];

/** Data of a view: of literal rows the columns, of anything else nothing is known. */
function dataOf(view: View, inherited: Known | undefined): Known | undefined {
  if (view.data === undefined) return inherited;
  const values = isView(view.data) ? view.data.values : undefined;
  const rows = Array.isArray(values) ? values : [];
  if (rows.length === 0 || !rows.every(isView)) return { columns: new Set(), open: true };
  return { columns: new Set(rows.flatMap((row) => Object.keys(row as View))), open: false };
}

function transformed(view: View, known: Known | undefined): Known | undefined {
  if (known === undefined || view.transform === undefined) return known;
  const all = views(view.transform);
  const inner = all.flatMap((one) => [
    one,
    ...['aggregate', 'joinaggregate', 'window'].flatMap((key) => views(one[key])),
  ]);
  return {
    columns: new Set([...known.columns, ...inner.flatMap(({ as }) => texts(as))]),
    open: known.open || !all.every((one) => told.some((kind) => kind in one)),
  };
}

/** Fields that channels name, as the columns that they are of: `a` of `a.b`. */
function fieldsOf(encoding: unknown): string[] {
  if (!isView(encoding)) return [];
  return Object.values(encoding).flatMap((channel) =>
    views(channel).flatMap(({ field, condition }) => [
      ...texts(field),
      ...views(condition).flatMap((one) => texts(one.field)),
    ]),
  );
}

const columnOf = (field: string): string => (field.includes('\\') ? '' : (/^[^.[]*/.exec(field)?.[0] ?? ''));

/** Data that a view and those within it draw, and what is missing in them. */
function visit(view: View, inherited: Known | undefined, missing: MissingField[]): Known[] {
  const own = transformed(view, dataOf(view, inherited));
  const within = nested.flatMap((key) => views(view[key])).flatMap((one) => visit(one, own, missing));
  const drawn = within.length > 0 ? within : own === undefined ? [] : [own];
  const repeated = isView(view.repeat) ? Object.values(view.repeat).flatMap(texts) : texts(view.repeat);
  const facet = isView(view.facet) ? fieldsOf({ all: view.facet, ...view.facet }) : [];
  // Channels that views within inherit are asked for in any of their data: a rule beside points may do without.
  const columns = [...new Set(drawn.flatMap((one) => [...one.columns]))];
  if (drawn.length > 0 && drawn.every(({ open }) => !open)) {
    for (const field of [...fieldsOf(view.encoding), ...facet, ...repeated]) {
      const column = columnOf(field);
      if (column !== '' && !columns.includes(column) && !columns.includes(field)) missing.push({ field, columns });
    }
  }
  return drawn;
}

/**
 * The first field of a Vega-Lite specification that none of its rows has: Vega would draw an empty picture. Data other than literal rows, and what
 * transforms add that don't name it, are taken to have any.
 * @param also columns that the rows may have, too, and lack for being null in all of them
 */
export function missingField(spec: View, also: readonly string[] = []): MissingField | undefined {
  const missing: MissingField[] = [];
  visit(spec, undefined, missing);
  return missing.find(({ field }) => !also.includes(field));
}
