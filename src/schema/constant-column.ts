type Constant = Int32Array | Float32Array;

const forget: (() => void)[] = [];

/** Hands out columns that hold one value throughout; the last one serves again where it is as wanted. They share their memory: nobody may change them. */
function constants<T extends Constant>(make: (length: number) => T): (value: number, length: number) => T {
  let kept = make(0);
  forget.push(() => {
    kept = make(0);
  });
  return (value, length) => {
    if (kept.length < length || !Object.is(kept[0], value)) {
      kept = make(length);
      kept.fill(value);
    }
    return kept.subarray(0, length) as T;
  };
}

/** An int32 column of one value, shared. */
export const constantInt32: (value: number, length: number) => Int32Array = constants((n) => new Int32Array(n));

/** A float32 column of one value, which is a float32; shared. */
export const constantFloat32: (value: number, length: number) => Float32Array = constants((n) => new Float32Array(n));

/** Leaves the memory of both to be collected, once no batch has a part in it. */
export function forgetConstants(): void {
  for (const each of forget) each();
}
