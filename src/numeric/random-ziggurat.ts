/**
 * Layers of equal area under exp(−x²/2), x ≥ 0 (Marsaglia & Tsang, J. Stat. Softw. 5(8), 2000, doi:10.18637/jss.v005.i08).
 * The layer and the position within it come from different random words (Doornik 2005), so no bits are used twice.
 */
export const LAYERS = 256;

/** Right edge of the base layer, beyond which the tail is drawn apart; it belongs to 256 layers. */
export const TAIL = 3.6541528853610088;

/** x[i]: right edge of layer i, falling from x[0] (the base layer's width with its tail folded in) to x[LAYERS] = 0. */
export const edge = new Float64Array(LAYERS + 1);
/** exp(−x²/2) at the edges. */
export const height = new Float64Array(LAYERS + 1);

const density = (x: number): number => Math.exp(-0.5 * x * x);
/** Of each layer, TAIL·exp(−TAIL²/2) + √(π/2)·erfc(TAIL/√2): every thread starts here, without a library for one number. */
const AREA = 0.004928673233974658;
edge[0] = AREA / density(TAIL);
edge[1] = TAIL;
for (let i = 2; i < LAYERS; i++) {
  edge[i] = Math.sqrt(-2 * Math.log(AREA / edge[i - 1]! + density(edge[i - 1]!)));
}
edge[LAYERS] = 0;
for (let i = 0; i <= LAYERS; i++) height[i] = density(edge[i]!);
