import * as z from 'zod/mini';
import { StoreError } from '../error.ts';
import { type OpenedFile, withFile } from './opened-file.ts';
import { bytesOf, countOf, type FloatKind, floatsIn, type SavedTensor } from './saved-tensor.ts';

const kinds: Readonly<Record<string, FloatKind>> = { F64: 'f64', F32: 'f32', F16: 'f16', BF16: 'b16' };

/** The longest header that the format allows. */
const longestHeader = 100_000_000;

const natural = z.int().check(z.gte(0));
const entry = z.object({ dtype: z.string(), shape: z.array(natural), data_offsets: z.tuple([natural, natural]) });

/**
 * The tensors of a safetensors file (huggingface/safetensors, "Format"): the length of a JSON header in 8 bytes, the header, and numbers,
 * little-endian, where it says. In the header's order.
 * @throws StoreError for anything else, and where tensors lie beyond the end of the file
 */
export function safetensors({ path, length, read }: OpenedFile): SavedTensor[] {
  const wrong = (what: string): never => {
    throw new StoreError(`${path} is no safetensors file: ${what}`);
  };
  if (length < 8) wrong(`it has ${length} bytes`);
  const header = Number(read(0, 8).readBigUInt64LE());
  if (header > Math.min(length - 8, longestHeader)) wrong(`its header would take ${header} bytes, it has ${length}`);
  let listed: Record<string, unknown>;
  try {
    listed = z.parse(z.record(z.string(), z.unknown()), JSON.parse(read(8, header).toString()));
  } catch {
    return wrong('its header is no JSON object');
  }
  const start = 8 + header;
  const names = Object.keys(listed).filter((name) => name !== '__metadata__');
  return names.map((name) => {
    const { success, data } = z.safeParse(entry, listed[name]);
    if (!success) return wrong(`its header says nothing of ${name} that can be understood`);
    const { dtype: type, shape } = data;
    const [from, to] = data.data_offsets;
    const kind = kinds[type];
    if (kind !== undefined && to - from !== countOf(shape) * bytesOf[kind])
      wrong(`${name} (${shape.join(' × ')}, ${type}) has ${to - from} bytes`);
    if (start + to > length)
      throw new StoreError(`${path} is cut off: ${name} ends at byte ${start + to}, the file has ${length}`);
    return {
      name,
      shape,
      type,
      kind,
      stored: { at: start + from, little: true },
      values: () => withFile(path, (file) => floatsIn(file.read(start + from, to - from), kind!)),
    };
  });
}
