/** A point that can be told about. */
export interface Target {
  readonly x: number;
  readonly y: number;
  /** Half of the width and height of what covers an area. */
  readonly half?: readonly [width: number, height: number];
  readonly mark: string;
  readonly datum: Readonly<Record<string, unknown>>;
}

const reach = 24; // pixels of the drawing

/** The nearest point within reach, or what covers the place; of several that do, the last one drawn. */
export function nearest(targets: readonly Target[], x: number, y: number): Target | undefined {
  let best: Target | undefined;
  let least = reach;
  for (const target of targets) {
    const [dx, dy] = [Math.abs(target.x - x), Math.abs(target.y - y)];
    if (target.half !== undefined) {
      if (dx <= target.half[0] && dy <= target.half[1] && least === reach) best = target;
      continue;
    }
    const distance = Math.hypot(dx, dy);
    if (distance < least || (distance === least && best === undefined)) {
      best = target;
      least = distance;
    }
  }
  return best;
}
