import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../error.ts';
import { packageRoot } from '../schema/package-root.ts';

let kept: { text: string; hash: string } | undefined;

/**
 * The script of report.html, and its hash for the page's content security policy: nothing else in the page may run.
 * @throws StoreError where the package is not built
 */
export function pageScript(): { readonly text: string; readonly hash: string } {
  if (kept !== undefined) return kept;
  const path = join(packageRoot, 'dist/page/report.js');
  let text: string;
  try {
    // Within a script element of a page.
    text = readFileSync(path, 'utf8')
      .replace(/<\/script/gi, '<\\/script')
      .replace(/<!--/g, '<\\!--');
  } catch (cause) {
    throw new StoreError(`can't read the page's script ${path}: build crackle first (npm run build)`, { cause });
  }
  kept = { text, hash: `sha256-${createHash('sha256').update(text).digest('base64')}` };
  return kept;
}
