import type { GainKind } from '../kernel/gain-kinds.ts';
import { type Gain, gains } from './gain.wgsl.ts';
import { LANES, type Shape } from './team.wgsl.ts';

/** Rounds of four neurons a lane that are added up before they go into its sum. */
const BLOCK = 16;

/**
 * A bound that no loop comes to. Loops that Dawn doesn't see to end, by a constant and in steps of one, it gives a counter of 64 bits, which
 * costs a layer's inner loop a tenth.
 */
export const ENDLESS = 0x7fffffff;

/**
 * How a width is shared out: rounds that all lanes have four neurons in are written out so many at a time, whether they are more than a block,
 * and whether there is a rest.
 */
export interface Sharing {
  readonly unrolled: 0 | 1 | 2 | 4;
  readonly blocks: boolean;
  readonly rest: boolean;
}

export function sharingOf(width: number): Sharing {
  const rounds = Math.floor(width / (4 * LANES));
  return {
    unrolled: rounds === 0 ? 0 : rounds % 4 === 0 ? 4 : rounds % 2 === 0 ? 2 : 1,
    blocks: rounds > BLOCK,
    rest: width % (4 * LANES) !== 0,
  };
}

/** What a lane makes of its neurons. */
interface Sum {
  readonly name: string;
  readonly once: string;
  readonly more: string;
  readonly energy: Gain['energy'];
}

/**
 * Sums over a lane's neurons of a layer: of z², and of φ(√v·z)²/v. Lanes that share a subgroup go round equally often, with zeros where neurons
 * end: nothing promises that they would meet again before their sums are added.
 */
function laneSum({ name, once, more, energy }: Sum, { unrolled, blocks, rest }: Sharing, shape: Shape): string {
  const squares = 'let word = w.zw; let s = smaller(e, word);';
  const drawn = `let w = words(at, key); let e = exponentials(w.xy); ${more === '' ? '' : squares}`;
  const whole = /* wgsl */ `{
        ${drawn} at += ${LANES}u; total += e.x + e.y;
        ${more === '' ? '' : `let c = vec4f(e - s, s); ${more}`}
      }`;
  // Four neurons, of which the last may not be there.
  const some = /* wgsl */ `{
        ${drawn} ${more === '' ? squares : ''}
        let left = params.width - min(params.width, 4u * (at - key.x)); at += ${LANES}u;
        let c = select(loosened(vec4f(e - s, s), word, left), vec4f(e - s, s), left >= 4u);
        total += select((c.x + c.y) + (c.z + c.w), e.x + e.y, left >= 4u);
        ${more}
      }`;
  // An invocation goes through the rest in the same loop, since it diverges anyway and code is long to compile.
  const alone = shape === 'invocation' && rest;
  const times = shape === 'invocation' ? Math.min(unrolled, 1) : unrolled;
  const body = alone ? some : Array.from({ length: times }, () => whole).join(' ');
  const added = (what: string): string =>
    /* wgsl */ `{ var total = 0.0; var g = 0.0; ${what} sums += vec2f(total, ${energy}); }`;
  const block = (stop: string): string =>
    added(`for (var b = 0u; b < ${BLOCK / Math.max(times, 1)}u; b++) { if (at == ${stop}) { break; } ${body} }`);
  const stop = alone ? 'select(full, end, at == full)' : 'full';
  const many = `for (var r = 0u; r < ${ENDLESS}u; r++) { if (at == end) { break; } let stop = ${stop}; ${block('stop')} }`;
  return /* wgsl */ `
fn ${name}(key: vec4u, v: f32, i: f32, lane: u32) -> vec2f {
  ${once}
  var sums = vec2f(0.0);
  let rounds = params.width / ${4 * LANES}u;
  var at = key.x + lane;
  let full = at + ${LANES}u * rounds;
  let end = full${alone ? ` + select(0u, ${LANES}u, 4u * (lane + ${LANES}u * rounds) < params.width)` : ''};
  ${blocks || alone ? many : times === 0 ? '' : block('full')}
  ${rest && !alone ? added(some) : ''}
  return sums;
}`;
}

/** WGSL of \`lane_sums(key, v, i, lane)\`, both sums, and \`lane_norm(…)\`, that of z² alone; lengths of vectors in units of \`exponentials\`. */
export function lanesSource(kind: GainKind, sharing: Sharing, shape: Shape): string {
  const ranges = gains[kind];
  const call = (k: number): string => `lane_sums_${k}(key, v, i, lane)`;
  const choice = ranges.map(({ upTo }, k) =>
    upTo === undefined ? `return ${call(k)};` : `if (v <= ${upTo}) { return ${call(k)}; }`,
  );
  return /* wgsl */ `
${laneSum({ name: 'lane_norm', once: '', more: '', energy: 'total' }, sharing, shape)}
${ranges.map((gain, k) => laneSum({ name: `lane_sums_${k}`, ...gain }, sharing, shape)).join('')}
fn lane_sums(key: vec4u, v: f32, i: f32, lane: u32) -> vec2f {
  ${choice.join('\n  ')}
}
`;
}
