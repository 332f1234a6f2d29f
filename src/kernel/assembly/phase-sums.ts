/** Σ e_l exp(2πi f (l − 1)) of traces at several frequencies: phases come from a table that the host fills, a place a layer. */
const TABLE: usize = (__heap_base + 15) & ~15;

/** Bytes of the frequencies' pairs. */
let bytes: usize = 0;
let excess: usize = 0, sums: usize = 0;

/** Lays out the table, and excesses for as many layers. @returns 0, or 1 where there is not enough memory */
export function layout(places: i32, frequencies: i32): i32 {
  bytes = <usize>frequencies << 4;
  excess = TABLE + <usize>places * bytes;
  sums = (excess + (<usize>places << 3) + 15) & ~15;
  return reserve(64);
}

/** Makes room for the sums of so many traces, which stay where they are. @returns 0, or 1 where there is not enough memory */
export function reserve(traces: i32): i32 {
  const pages = <i32>((sums + <usize>traces * bytes + 0xffff) >> 16) - memory.size();
  return pages > 0 && memory.grow(pages) < 0 ? 1 : 0;
}

export function tablePointer(): usize { return TABLE; }
export function excessPointer(): usize { return excess; }
export function sumsPointer(): usize { return sums; }

@inline
function plus(sum: v128, each: v128, phase: usize): v128 {
  return f64x2.add(sum, f64x2.mul(each, v128.load(phase)));
}

/** Adds the first excesses, of so many layers, with the phases from a place on, to the sums of a trace. */
export function add(trace: i32, place: i32, layers: i32): void {
  let to = sums + <usize>trace * bytes, phases = TABLE + <usize>place * bytes;
  const end = to + bytes, last = excess + (<usize>layers << 3);
  // Eight at a time, since that many sums stay in registers.
  for (; to + 128 <= end; to += 128, phases += 128) {
    let a = v128.load(to), b = v128.load(to, 16), c = v128.load(to, 32), d = v128.load(to, 48);
    let e = v128.load(to, 64), f = v128.load(to, 80), g = v128.load(to, 96), h = v128.load(to, 112);
    for (let at = excess, from = phases; at < last; at += 8, from += bytes) {
      const each = v128.load64_splat(at);
      a = plus(a, each, from), b = plus(b, each, from + 16), c = plus(c, each, from + 32), d = plus(d, each, from + 48);
      e = plus(e, each, from + 64), f = plus(f, each, from + 80), g = plus(g, each, from + 96), h = plus(h, each, from + 112);
    }
    v128.store(to, a), v128.store(to, b, 16), v128.store(to, c, 32), v128.store(to, d, 48);
    v128.store(to, e, 64), v128.store(to, f, 80), v128.store(to, g, 96), v128.store(to, h, 112);
  }
  for (; to < end; to += 16, phases += 16) {
    let sum = v128.load(to);
    for (let at = excess, from = phases; at < last; at += 8, from += bytes) sum = plus(sum, v128.load64_splat(at), from);
    v128.store(to, sum);
  }
}
