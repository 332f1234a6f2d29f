import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every table under a folder, as one digest. */
export function digest(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.parquet'));
  if (files.length === 0) throw new Error(`${folder} holds no tables`);
  for (const file of files.sort()) hash.update(file.replaceAll('\\', '/')).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}
