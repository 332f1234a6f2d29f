import { StoreError } from '../error.ts';
import { npyHeader, npyPlaces, npyPrefix } from '../store/read/npy-header.ts';
import { bytesOf, countOf, type FloatKind, floatsIn, type SavedTensor, transposed } from './saved-tensor.ts';

const kinds: Readonly<Record<string, FloatKind>> = { f8: 'f64', f4: 'f32', f2: 'f16' };

/** What the header of an array says. */
export interface TensorHeader extends Pick<SavedTensor, 'shape' | 'type' | 'kind'> {
  /** Bytes before the numbers. */
  readonly start: number;
  readonly little: boolean;
  readonly columnMajor: boolean;
}

/** Bytes that hold the header of any array with so many dimensions as tensors have. */
export const npyLead = 1024;

/**
 * Header of an array saved by NumPy.
 * @param lead its first bytes, {@link npyLead} of them or all
 * @param length of the whole
 * @throws StoreError where it isn't one, or what follows isn't whole
 */
export function tensorHeader(lead: Buffer, length: number, name: string): TensorHeader {
  const wrong = (what: string): never => {
    throw new StoreError(`${name} is no array of NumPy: ${what}`);
  };
  if (lead.length < npyPrefix || lead.toString('latin1', 0, 6) !== '\x93NUMPY') wrong('it must begin with \\x93NUMPY');
  const places = npyPlaces(new DataView(lead.buffer, lead.byteOffset, npyPrefix));
  const text = lead.toString('latin1', places.text, Math.min(places.values, lead.length));
  const said = npyHeader(text);
  if (said?.type === undefined) return wrong(`its header is ${text.slice(0, 80)}`);
  const { type, shape, columnMajor } = said;
  const header = {
    shape,
    type,
    kind: kinds[type.slice(1)],
    start: places.values,
    little: !type.startsWith('>'),
    columnMajor,
  };
  const { kind } = header;
  const whole = header.start + (kind === undefined ? 0 : countOf(shape) * bytesOf[kind]);
  if (whole > length) {
    throw new StoreError(
      `${name} is cut off: ${shape.join(' × ')} numbers of type ${type} take ${whole} bytes, it has ${length}`,
    );
  }
  return header;
}

/**
 * Numbers of an array whose header is known, row-major.
 * @param body its bytes behind the header
 * @throws StoreError where they lie columns first in more than two dimensions
 */
export function npyValues({ shape, kind, little, columnMajor }: TensorHeader, body: Uint8Array): Float32Array {
  if (columnMajor && shape.length > 2)
    throw new StoreError(`an array of ${shape.join(' × ')} lies columns first: save numpy.ascontiguousarray of it`);
  const values = floatsIn(body.subarray(0, countOf(shape) * bytesOf[kind!]), kind!, little);
  const [rows = 1, columns = 1] = shape;
  return columnMajor && shape.length === 2 ? transposed(values, columns, rows) : values;
}
