/** Σ e_l exp(2πi f (l − 1)) of traces at several frequencies: phases come from a table that the host fills, a place a layer. */
const TABLE: usize = (__heap_base + 15) & ~15;

let bytes: usize = 0;
let sums: usize = 0;

/** Lays out the table. @returns 0, or 1 where there is not enough memory */
export function layout(places: i32, frequencies: i32): i32 {
  bytes = <usize>frequencies << 4;
  sums = TABLE + <usize>places * bytes;
  return reserve(64);
}

/** Makes room for the sums of so many traces, which stay where they are. @returns 0, or 1 where there is not enough memory */
export function reserve(traces: i32): i32 {
  const pages = <i32>((sums + <usize>traces * bytes + 0xffff) >> 16) - memory.size();
  return pages > 0 && memory.grow(pages) < 0 ? 1 : 0;
}

export function tablePointer(): usize { return TABLE; }
export function sumsPointer(): usize { return sums; }

/** Adds a layer's excess, with the phases of a place, to the sums of a trace. */
export function add(trace: i32, place: i32, excess: f64): void {
  const each = f64x2.splat(excess);
  let from = TABLE + <usize>place * bytes;
  let to = sums + <usize>trace * bytes;
  for (const end = to + bytes; to < end; from += 16, to += 16) {
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(each, v128.load(from))));
  }
}
