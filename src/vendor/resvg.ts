import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { BackendError } from '../error.ts';

type Library = typeof import('@resvg/resvg-js');

const require = createRequire(import.meta.url);
let found: Library | BackendError | undefined;

function library(): Library | BackendError {
  try {
    found ??= require('@resvg/resvg-js') as Library;
  } catch (cause) {
    const text =
      (cause as NodeJS.ErrnoException).code === 'ERR_DLOPEN_DISABLED'
        ? "no PNGs can be drawn or read: Node's permission model loads no native parts; --allow-addons allows it"
        : `no PNGs can be drawn or read: @resvg/resvg-js has no native part for ${platform()} ${arch()} that loads here; ` +
          '`npm install --include=optional` brings it';
    found = new BackendError(text, { cause });
  }
  return found;
}

/** Why no PNGs can be drawn here; undefined where they can. */
export function withoutResvg(): string | undefined {
  const drawing = library();
  return drawing instanceof BackendError ? drawing.message : undefined;
}

/**
 * The library that draws SVG as PNG, loaded when it is needed: it is native, and a folder of modules may be another platform's, or without
 * optional parts.
 * @throws BackendError where it can't be loaded
 */
export function resvg(): Library {
  const drawing = library();
  if (drawing instanceof BackendError) throw drawing;
  return drawing;
}
