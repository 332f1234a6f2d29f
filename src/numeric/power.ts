import { readFileSync } from 'node:fs';
import { builtFile } from '../vendor/file.ts';
import { webAssembly } from './webassembly.ts';

type Power = (x: number, y: number) => number;
let loaded: Power | undefined;

function load(): Power {
  const module = new webAssembly.Module(readFileSync(builtFile('kernel/power.wasm')));
  return (new webAssembly.Instance(module, {}).exports as { power: Power }).power;
}

/**
 * x to the y, the same bits in every engine: V8's own `**` is another algorithm from version 13 on (Node 24), and differs in the last bit in
 * every tenth value. All other functions of Math that results are made of are V8's own code in every version from Node 20 to 26.
 * Squares, square roots and powers of two are exact everywhere and need none of this.
 */
export function power(x: number, y: number): number {
  loaded ??= load();
  return loaded(x, y);
}
