import * as z from 'zod/mini';
import { StoreError } from '../error.ts';
import { type OpenedFile, withFile } from './opened-file.ts';
import { bytesOf, countOf, type FloatKind, floatsIn, type SavedTensor } from './saved-tensor.ts';

const kinds: Readonly<Record<string, FloatKind>> = { F64: 'f64', F32: 'f32', F16: 'f16', BF16: 'b16' };

/** What is said of files of torch.save. */
export const pickled = "pickled files are programs and aren't read: save the state_dict by safetensors.torch.save_file";

/** The longest header that the format allows. */
const longestHeader = 100_000_000;

const natural = z.int().check(z.gte(0));
const entry = z.object({ dtype: z.string(), shape: z.array(natural), data_offsets: z.tuple([natural, natural]) });

/**
 * The tensors of a safetensors file (huggingface/safetensors, "Format"): the length of a JSON header in 8 bytes, the header, and numbers,
 * little-endian, where it says. In the header's order.
 * @throws StoreError for anything else, where tensors lie beyond the end of the file, and where bytes follow the last one, as the format's own reader does
 */
export function safetensors({ path, length, read }: OpenedFile): SavedTensor[] {
  const wrong = (what: string): never => {
    throw new StoreError(`${path} is no safetensors file: ${what}`);
  };
  if (length < 8) wrong(`it has ${length} bytes`);
  const lead = read(0, 8);
  const header = Number(lead.readBigUInt64LE());
  // Of torch.save: a zip archive, before PyTorch 1.6 a pickle of protocol 2. Lengths of headers may begin alike.
  const isZip = lead.readUInt32BE() === 0x504b0304;
  const other = isZip ? `it is a zip archive, as torch.save writes; ${pickled}` : undefined;
  const old = lead.readUInt32BE() === 0x80028a0a ? `it is a pickle, as torch.save wrote; ${pickled}` : other;
  if (header > Math.min(length - 8, longestHeader))
    wrong(old ?? `its header would take ${header} bytes, it has ${length}`);
  let listed: Record<string, unknown>;
  try {
    listed = z.parse(z.record(z.string(), z.unknown()), JSON.parse(read(8, header).toString()));
  } catch {
    return wrong(old ?? 'its header is no JSON object');
  }
  const start = 8 + header;
  const names = Object.keys(listed).filter((name) => name !== '__metadata__');
  let end = start;
  const tensors = names.map((name): SavedTensor => {
    const { success, data } = z.safeParse(entry, listed[name]);
    if (!success) return wrong(`its header says nothing of ${name} that can be understood`);
    const { dtype: type, shape } = data;
    const [from, to] = data.data_offsets;
    const kind = kinds[type];
    if (kind !== undefined && to - from !== countOf(shape) * bytesOf[kind])
      wrong(`${name} (${shape.join(' × ')}, ${type}) has ${to - from} bytes`);
    if (start + to > length)
      throw new StoreError(`${path} is cut off: ${name} ends at byte ${start + to}, the file has ${length}`);
    end = Math.max(end, start + to);
    return {
      name,
      shape,
      type,
      kind,
      stored: { at: start + from, little: true },
      values: () => withFile(path, (file) => floatsIn(file.read(start + from, to - from), kind!)),
    };
  });
  if (length > end) wrong(`${length - end} bytes follow its last tensor`);
  return tensors;
}
