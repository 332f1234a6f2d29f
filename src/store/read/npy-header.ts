/** What the header of an array saved by NumPy says (NumPy Enhancement Proposal 1; format versions 1 to 3). */
export interface NpyHeader {
  /** Type of the values, as `<f8`; undefined where values are records. */
  readonly type: string | undefined;
  /** Names and types of the fields of records, as Python writes them. */
  readonly fields: string;
  readonly shape: readonly number[];
  readonly columnMajor: boolean;
}

/** Bytes at the beginning of a file by which its header is found. */
export const npyPrefix = 12;

/** Where the text of the header begins, and the values do. @param prefix the first {@link npyPrefix} bytes */
export function npyPlaces(prefix: DataView): { readonly text: number; readonly values: number } {
  const wide = prefix.getUint8(6) >= 2;
  return wide
    ? { text: 12, values: 12 + prefix.getUint32(8, true) }
    : { text: 10, values: 10 + prefix.getUint16(8, true) };
}

/** The header by its text; undefined where it isn't one. */
export function npyHeader(text: string): NpyHeader | undefined {
  const described = /'descr'\s*:\s*('([^']*)'|\[.*?\](?=\s*,\s*'))/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (described === null || shape === undefined) return undefined;
  return {
    type: described[2],
    fields: described[1]!,
    shape: shape
      .split(',')
      .filter((word) => word.trim() !== '')
      .map(Number),
    columnMajor: /'fortran_order'\s*:\s*True/.test(text),
  };
}
