import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { env } from 'node:process';
import { PipelineError } from '../error.ts';
import { allows } from '../permission.ts';

const require = createRequire(import.meta.url);

type Esbuild = Pick<typeof import('esbuild'), 'buildSync' | 'transformSync'>;

/** Path of esbuild, with which tsx compiles. */
const esbuildPath = (): string => createRequire(require.resolve('tsx/package.json')).resolve('esbuild');

/** esbuild, with which tsx compiles: see {@link withoutCompiler}. */
export const esbuild = (): Esbuild => require(esbuildPath()) as Esbuild;

const advice = 'Node 22.18 or later needs none, and a pipeline may be a .mjs file';

/**
 * Why esbuild can't compile here; undefined where it can. A trial starts a process, and is made only where esbuild's native part isn't in its
 * usual place.
 */
export function withoutCompiler(): string | undefined {
  if (!allows('child'))
    return `TypeScript can't be compiled here: the compiler is a process of its own, which needs --allow-child-process; ${advice}`;
  try {
    const path = esbuildPath();
    try {
      createRequire(path).resolve(`@esbuild/${platform()}-${arch()}/package.json`);
    } catch {
      esbuild().transformSync('1');
    }
    return undefined;
  } catch {
    return `TypeScript can't be compiled here: esbuild has no native part for ${platform()} ${arch()}; \`npm install --include=optional\` brings it, ${advice}`;
  }
}

/** Whether files can be made where temporary ones go. */
function hasScratch(): boolean {
  try {
    accessSync(tmpdir(), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * TypeScript by tsx, whose compiler is native; without that by Node itself, from 22.18 on.
 * @returns why tsx can't
 */
export async function compileTypeScript(): Promise<PipelineError | undefined> {
  // Deno compiles by itself, and loads no native parts once tsx's hooks are there.
  if ('Deno' in globalThis) return undefined;
  const lacking = withoutCompiler();
  if (lacking !== undefined) return new PipelineError(lacking);
  // tsx keeps its cache among temporary files, and fails where it can't write it.
  if (!hasScratch()) env.TSX_DISABLE_CACHE ??= '1';
  const { register } = await import('tsx/esm/api');
  // The current folder's tsconfig.json has no say: its `paths` would put other modules in the place of those that a pipeline imports.
  register({ tsconfig: false });
  return undefined;
}
