/** Whether a setup or plan has the values of another; thresholds are compared number by number. */
export const sameSetup = <T extends object>(a: T, b: T): boolean =>
  Object.entries(a).every(([key, value]) => sameValue(value, b[key as keyof T]));

const sameValue = (a: unknown, b: unknown): boolean =>
  a === b || (a instanceof Float32Array && b instanceof Float32Array && `${a}` === `${b}`);
