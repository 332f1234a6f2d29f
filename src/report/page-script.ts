import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../error.ts';
import { packageRoot } from '../schema/package-root.ts';

interface PageScript {
  readonly text: string;
  /** For the page's content security policy: nothing else in the page may run. */
  readonly hash: string;
}

const kept = new Map<string, PageScript>();

/**
 * The script of a page, `report` or `live`.
 * @throws StoreError where the package is not built
 */
export function pageScript(name: 'report' | 'live'): PageScript {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const path = join(packageRoot, `dist/page/${name}.js`);
  let text: string;
  try {
    // Within a script element of a page.
    text = readFileSync(path, 'utf8')
      .replace(/<\/script/gi, '<\\/script')
      .replace(/<!--/g, '<\\!--');
  } catch (cause) {
    throw new StoreError(`can't read the page's script ${path}: build crackle first (npm run build)`, { cause });
  }
  const script = { text, hash: `sha256-${createHash('sha256').update(text).digest('base64')}` };
  kept.set(name, script);
  return script;
}
