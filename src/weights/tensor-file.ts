import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { StoreError } from '../error.ts';
import { storeError } from '../store/file.ts';
import { naturally } from './names.ts';
import { npyLead, npyValues, tensorHeader } from './npy.ts';
import { type OpenedFile, withFile } from './opened-file.ts';
import { pickled, safetensors } from './safetensors.ts';
import type { SavedTensor } from './saved-tensor.ts';
import { zipEntries } from './zip.ts';

const nameOf = (path: string): string => basename(path, extname(path));

/** The array of a .npy file, named by the file. */
function npy({ path, length, read }: OpenedFile): SavedTensor[] {
  const header = tensorHeader(read(0, Math.min(length, npyLead)), length, path);
  const values = (): Float32Array =>
    withFile(path, (file) => npyValues(header, file.read(header.start, length - header.start)));
  const { start: at, little, columnMajor } = header;
  return [{ ...header, name: nameOf(path), values, ...(columnMajor ? {} : { stored: { at, little } }) }];
}

/** The arrays of an .npz archive, in its order. They are unpacked once to read their headers, and again for their numbers. */
function npz(file: OpenedFile): SavedTensor[] {
  return zipEntries(file).map((entry) => {
    const name = entry.name.replace(/\.npy$/, '');
    const header = tensorHeader(entry.unpack(file).subarray(0, npyLead), entry.size, `${file.path}: ${name}`);
    const values = (): Float32Array =>
      withFile(file.path, (again) => npyValues(header, entry.unpack(again).subarray(header.start)));
    return { ...header, name, values };
  });
}

const formats: Readonly<Record<string, (file: OpenedFile) => SavedTensor[]>> = {
  '.safetensors': safetensors,
  '.npz': npz,
  '.npy': npy,
};

/** Files that tensors of a path are in: itself, or the .npy files of a folder in the natural order of their names. @throws StoreError where there are none */
export function tensorFiles(path: string): string[] {
  let folder: boolean;
  try {
    folder = statSync(path).isDirectory();
  } catch (error) {
    throw storeError('read', path, error);
  }
  if (!folder) return [path];
  const found = readdirSync(path).filter((file) => extname(file) === '.npy');
  if (found.length === 0) throw new StoreError(`${path} is a folder without .npy files`);
  return found.sort(naturally).map((file) => join(path, file));
}

/**
 * The tensors of a safetensors file, an .npz archive, a .npy file, or of all .npy files of a folder, in their order there.
 * @throws StoreError for what is none of these, or isn't whole
 */
export function readTensors(path: string): SavedTensor[] {
  return tensorFiles(path).flatMap((file) => {
    const format = formats[extname(file).toLowerCase()];
    if (format === undefined) {
      const advice = ['.pt', '.pth', '.bin', '.ckpt'].includes(extname(file).toLowerCase()) ? ` (${pickled})` : '';
      throw new StoreError(`${file} must end in .safetensors, .npz or .npy${advice}`);
    }
    return withFile(file, format);
  });
}
