import { normalize, sep } from 'node:path';

/** A path in its plainest spelling. */
export const plainPath = (path: string): string => {
  const plain = normalize(path);
  return plain.length > 1 && plain.endsWith(sep) ? plain.slice(0, -1) : plain;
};
