/**
 * What is made of each value of a walk. Each is handed back to the walk once `make` is done with it, so that hundreds of large results come in
 * the memory of one: `make` must keep none.
 * @param spent told of each before it is handed back
 */
export function handedBack<Value, Made>(
  values: Iterable<Value, unknown, unknown>,
  make: (value: Value) => Made,
  spent?: (value: Value) => void,
): Made[] {
  const walk = values[Symbol.iterator]();
  const made: Made[] = [];
  for (let step = walk.next(); step.done !== true; step = walk.next(step.value)) {
    made.push(make(step.value));
    spent?.(step.value);
  }
  return made;
}
