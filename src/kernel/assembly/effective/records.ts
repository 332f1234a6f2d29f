/** What perturbations came to that have ended before others that come before them: they are counted and put into rows in their order. */
import { Ending, points, put, recordBytes } from '../avalanche/first-passage';

let records: usize = 0, places = 0, bytes: usize = 0;
let ids: usize = 0, count = 0;
/** Perturbations that are counted, and those that were begun. */
let counted = 0, begun = 0;

/** Says where records begin, at a multiple of 16, and for how many there is room. @returns their end */
export function placeRecords(at: usize, places_: i32): usize {
  records = at;
  places = places_;
  bytes = recordBytes(points);
  return at + <usize>places * bytes;
}

export function startRecords(ids_: usize, count_: i32): void {
  ids = ids_;
  count = count_;
  counted = 0;
  begun = 0;
}

@inline
function recordOf(perturbation: i32): usize {
  return records + <usize>(<u32>perturbation % <u32>places) * bytes;
}

/** Where the next perturbation's record is, or 0 where there is none, or no place. */
export function beginNext(): usize {
  if (begun == count || begun - counted == places) return 0;
  const record = recordOf(begun);
  store<i32>(record, Ending.none);
  begun++;
  return record;
}

@inline
export function idOfBegun(): i64 {
  return load<i64>(ids + (<usize>(begun - 1) << 3));
}

/** Whether rows that can be taken stand in the way of perturbations. */
@inline
export function isHeldUp(): bool {
  return begun < count && load<i32>(recordOf(counted)) != Ending.none;
}

/** Puts what is next into rows. @returns avalanches */
export function putInOrder(): i32 {
  let rows = 0;
  for (; counted < begun; counted++) {
    const record = recordOf(counted);
    if (load<i32>(record) == Ending.none) break;
    rows += put(rows, load<i64>(ids + (<usize>counted << 3)), record);
  }
  return rows;
}

export function allCounted(): bool { return counted == count; }
