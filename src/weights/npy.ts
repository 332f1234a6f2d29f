import { StoreError } from '../error.ts';
import { bytesOf, countOf, type FloatKind, floatsIn, type SavedTensor, transposed } from './saved-tensor.ts';

const kinds: Readonly<Record<string, FloatKind>> = { f8: 'f64', f4: 'f32', f2: 'f16' };

/** What the header of an array says. */
export interface NpyHeader extends Pick<SavedTensor, 'shape' | 'type' | 'kind'> {
  /** Bytes before the numbers. */
  readonly start: number;
  readonly little: boolean;
  readonly columnMajor: boolean;
}

/** Bytes that hold the header of any array with so many dimensions as tensors have. */
export const npyLead = 1024;

/**
 * Header of an array saved by NumPy (NumPy Enhancement Proposal 1; format versions 1 to 3).
 * @param lead its first bytes, {@link npyLead} of them or all
 * @param length of the whole
 * @throws StoreError where it isn't one, or what follows isn't whole
 */
export function npyHeader(lead: Buffer, length: number, name: string): NpyHeader {
  const wrong = (what: string): never => {
    throw new StoreError(`${name} is no array of NumPy: ${what}`);
  };
  if (lead.length < 12 || lead.toString('latin1', 0, 6) !== '\x93NUMPY') wrong('it must begin with \\x93NUMPY');
  const wide = lead[6]! >= 2;
  const start = wide ? 12 + lead.readUInt32LE(8) : 10 + lead.readUInt16LE(8);
  const text = lead.toString('latin1', wide ? 12 : 10, Math.min(start, lead.length));
  const type = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const sizes = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (type === undefined || sizes === undefined) return wrong(`its header is ${text.slice(0, 80)}`);
  const shape = sizes
    .split(',')
    .filter((word) => word.trim() !== '')
    .map(Number);
  const header = {
    shape,
    type,
    kind: kinds[type.slice(1)],
    start,
    little: !type.startsWith('>'),
    columnMajor: /'fortran_order'\s*:\s*True/.test(text),
  };
  const { kind } = header;
  const whole = start + (kind === undefined ? 0 : countOf(shape) * bytesOf[kind]);
  if (whole > length) {
    throw new StoreError(
      `${name} is cut off: ${shape.join(' × ')} numbers of type ${type} take ${whole} bytes, it has ${length}`,
    );
  }
  return header;
}

/** Numbers of an array whose header is known, row-major. @param body its bytes behind the header */
export function npyValues({ shape, kind, little, columnMajor }: NpyHeader, body: Uint8Array): Float32Array {
  const values = floatsIn(body.subarray(0, countOf(shape) * bytesOf[kind!]), kind!, little);
  const [rows = 1, columns = 1] = shape;
  return columnMajor && shape.length === 2 ? transposed(values, columns, rows) : values;
}
