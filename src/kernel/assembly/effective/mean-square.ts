/**
 * The table of `propagation/effective/table.ts` in memory, written by the host: four int32 (relative, constant, base, intervals), six doubles for
 * each end (edge, mean, power of the mean, deviation, power of the deviation, skew), then ten doubles an interval.
 */
const BELOW: usize = 16, ABOVE: usize = 64, COEFFICIENTS: usize = 112, SHIFT: i32 = 19;

@inline
export function isConstant(table: usize): bool {
  return load<i32>(table, 4) != 0;
}

function beyond(table: usize, y: f64, noise: f64): f64 {
  const relative = load<i32>(table) != 0;
  if (y == 0 && relative) return 0;
  const end = table + (y < load<f64>(table + BELOW) ? BELOW : ABOVE);
  const ratio = y / load<f64>(end);
  const meanPower = load<f64>(end, 16);
  const mean = meanPower == 0 ? load<f64>(end, 8) : load<f64>(end, 8) * NativeMath.pow(ratio, meanPower);
  const spread = load<f64>(end, 24);
  const deviation = spread == 0 ? 0 : spread * NativeMath.pow(ratio, load<f64>(end, 32));
  const value = mean + deviation * (noise + load<f64>(end, 40) * (noise * noise - 1));
  if (isNaN(y)) return y;
  return value > 0 ? (relative ? y * value : value) : 0;
}

/** (1/n)Σ F at y ≥ 0 for a standard normal `noise`. */
@inline
export function meanSquare(table: usize, y: f64, noise: f64): f64 {
  const interval = (reinterpret<i32>(<f32>y) >> SHIFT) - load<i32>(table, 8);
  if (<u32>interval >= <u32>load<i32>(table, 12)) return beyond(table, y, noise);
  const at = table + COEFFICIENTS + <usize>(interval * 80);
  const t = y - load<f64>(at);
  const mean = load<f64>(at, 8) + t * (load<f64>(at, 16) + t * (load<f64>(at, 24) + t * load<f64>(at, 32)));
  const deviation = load<f64>(at, 40) + t * (load<f64>(at, 48) + t * load<f64>(at, 56));
  const bend = load<f64>(at, 64) + t * load<f64>(at, 72);
  const value = mean + noise * deviation + (noise * noise - 1) * bend;
  return value > 0 ? (load<i32>(table) != 0 ? y * value : value) : 0;
}

/** {@link meanSquare} of two. */
@inline
export function meanSquares(table: usize, y: v128, noise: v128): v128 {
  const interval = i32x4.sub(i32x4.shr_s(f32x4.demote_f64x2_zero(y), SHIFT), i32x4.splat(load<i32>(table, 8)));
  const one = i32x4.extract_lane(interval, 0), other = i32x4.extract_lane(interval, 1);
  if (max(<u32>one, <u32>other) >= <u32>load<i32>(table, 12)) return apart(table, y, noise);
  const a = table + COEFFICIENTS + <usize>(one * 80), b = table + COEFFICIENTS + <usize>(other * 80);
  const a0 = v128.load(a), b0 = v128.load(b), a2 = v128.load(a, 16), b2 = v128.load(b, 16);
  const a4 = v128.load(a, 32), b4 = v128.load(b, 32), a6 = v128.load(a, 48), b6 = v128.load(b, 48);
  const a8 = v128.load(a, 64), b8 = v128.load(b, 64);
  const t = f64x2.sub(y, evens(a0, b0));
  const bend = f64x2.add(evens(a8, b8), f64x2.mul(t, odds(a8, b8)));
  const deviation = f64x2.add(odds(a4, b4), f64x2.mul(t, f64x2.add(evens(a6, b6), f64x2.mul(t, odds(a6, b6)))));
  const cubic = f64x2.add(evens(a2, b2), f64x2.mul(t, f64x2.add(odds(a2, b2), f64x2.mul(t, evens(a4, b4)))));
  const mean = f64x2.add(odds(a0, b0), f64x2.mul(t, cubic));
  const square = f64x2.sub(f64x2.mul(noise, noise), f64x2.splat(1));
  const value = f64x2.add(f64x2.add(mean, f64x2.mul(noise, deviation)), f64x2.mul(square, bend));
  const scaled = load<i32>(table) != 0 ? f64x2.mul(y, value) : value;
  return v128.and(scaled, f64x2.gt(value, f64x2.splat(0)));
}

@inline
function evens(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}

@inline
function odds(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

function apart(table: usize, y: v128, noise: v128): v128 {
  return f64x2(
    meanSquare(table, f64x2.extract_lane(y, 0), f64x2.extract_lane(noise, 0)),
    meanSquare(table, f64x2.extract_lane(y, 1), f64x2.extract_lane(noise, 1)),
  );
}
