/** The parts of a compiled Vega specification that a page changes; all the rest is handed on as it is. */
export interface VegaSpec extends VegaScope {
  readonly data?: readonly DataSet[];
  readonly style?: unknown;
  readonly [key: string]: unknown;
}

export interface VegaScope {
  readonly marks?: readonly Mark[];
  readonly scales?: readonly Scale[];
  readonly axes?: readonly Axis[];
  readonly legends?: readonly Legend[];
  readonly signals?: readonly object[];
}

export interface DataSet {
  readonly name: string;
  readonly [key: string]: unknown;
}

export interface Scale {
  readonly name: string;
  readonly type?: string;
  readonly domain?: unknown;
  readonly range?: unknown;
  readonly [key: string]: unknown;
}

export interface Axis {
  readonly scale: string;
  readonly orient: string;
  readonly grid?: boolean;
  readonly title?: unknown;
  readonly values?: unknown;
  readonly encode?: Readonly<Record<string, Encode>>;
  readonly [key: string]: unknown;
}

export interface Legend {
  readonly title?: unknown;
  readonly [key: string]: unknown;
}

export interface Encode {
  readonly update?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

export interface Mark extends VegaScope {
  readonly type: string;
  readonly name?: string;
  readonly style?: unknown;
  readonly from?: { readonly data?: string; readonly facet?: { readonly data: string } };
  readonly encode?: Encode;
  readonly [key: string]: unknown;
}

export interface Channel {
  readonly scale?: string;
  readonly field?: string;
}

/** The channels of a mark that a field decides through a scale, conditions among them. */
export function scaledChannels(mark: Mark): { channel: string; scale: string; field: string }[] {
  return Object.entries(mark.encode?.update ?? {}).flatMap(([channel, given]) =>
    (Array.isArray(given) ? given : [given]).flatMap(({ scale, field }: Channel) =>
      typeof scale === 'string' && typeof field === 'string' ? [{ channel, scale, field }] : [],
    ),
  );
}

/** Marks within a scope at any depth, the scope's own first. */
export function allMarks(scope: VegaScope): Mark[] {
  return (scope.marks ?? []).flatMap((mark) => [mark, ...allMarks(mark)]);
}

/** Axes within a scope at any depth. */
export function allAxes(scope: VegaScope): Axis[] {
  return [...(scope.axes ?? []), ...(scope.marks ?? []).flatMap(allAxes)];
}

export const isPanel = ({ style }: { readonly style?: unknown }): boolean =>
  style === 'cell' || (Array.isArray(style) && style.includes('cell'));
