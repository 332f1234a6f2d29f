import { BackendError } from '../error.ts';
import * as ziggurat from '../numeric/random-ziggurat.ts';
import { type AvalancheExports, type AvalancheKernel, type AvalancheRequest, avalancheKernel } from './avalanches.ts';
import { instantiate } from './load.ts';
import { type TraceKernel, traceKernel } from './traces.ts';
import { type KernelVariant, kernelVariant } from './variant.ts';

/** A table's power law beyond one of its ends: value · (y/edge)^power. */
export interface MeanSquareEnd {
  readonly edge: number;
  readonly mean: number;
  readonly meanPower: number;
  readonly deviation: number;
  readonly deviationPower: number;
  readonly skew: number;
}

/** What `propagation/effective/table.ts` tabulates. */
export interface MeanSquareNumbers {
  readonly relative: boolean;
  readonly constant: boolean;
  /** Ten an interval. */
  readonly coefficients: Float64Array;
  readonly base: number;
  readonly below: MeanSquareEnd;
  readonly above: MeanSquareEnd;
}

/** Alias table of Bin(N, 1/2). */
export interface SignNumbers {
  readonly first: number;
  readonly threshold: Float64Array;
  readonly alias: Int32Array;
}

/** The law of a layer of `width` neurons in numbers; with `signs`, tables of the positive and of the negative half. */
export interface LayerNumbers {
  readonly width: number;
  readonly tables: readonly [MeanSquareNumbers] | readonly [MeanSquareNumbers, MeanSquareNumbers];
  /** Neurons that a half's table is of. */
  readonly half: number;
  readonly signs?: SignNumbers;
}

export interface EffectiveSetup {
  readonly law: LayerNumbers;
  readonly depth: number;
  readonly weightVariance: number;
  readonly biasVariance: number;
  readonly inputStrength: number;
  /** Rows record sqrt(mean φ(h)²) in place of sqrt(mean h²). */
  readonly postActivation: boolean;
  /** A perturbation is retired after the first layer with a strength below, or one that is not finite: a constant, or entry l of a table. */
  readonly floor: number | Float32Array | null;
  /** 128 bits that the ids of perturbations are absorbed into. */
  readonly prefix: Int32Array;
  /** Rows that one `run` may write. */
  readonly capacity: number;
  /** Perturbations that one `start` may open. */
  readonly batch: number;
}

interface EffectiveExports extends AvalancheExports {
  layout(
    batch: number,
    rows: number,
    floors: number,
    positive: number,
    negative: number,
    signs: number,
    places: number,
    points: number,
  ): number;
  configure(
    width: number,
    half: number,
    firstSigns: number,
    depth: number,
    weightVariance: number,
    biasVariance: number,
    inputStrength: number,
    postActivation: boolean,
    floorMode: number,
    floorConstant: number,
  ): void;
  prefixPointer(): number;
  edgePointer(): number;
  heightPointer(): number;
  positivePointer(): number;
  negativePointer(): number;
  signThresholdPointer(): number;
  signAliasPointer(): number;
  floorsPointer(): number;
}

const header = 16;
const ends = 12;
const stride = 10;

/** Bytes of a table as `assembly/effective/mean-square.ts` reads it. */
const bytesOf = (table: MeanSquareNumbers | undefined): number =>
  table === undefined ? 0 : header + 8 * (ends + table.coefficients.length);

function writeTable(buffer: ArrayBuffer, at: number, table: MeanSquareNumbers): void {
  const { relative, constant, base, coefficients, below, above } = table;
  new Int32Array(buffer, at, 4).set([Number(relative), Number(constant), base, coefficients.length / stride]);
  const numbers = [below, above].flatMap((end) => [
    end.edge,
    end.mean,
    end.meanPower,
    end.deviation,
    end.deviationPower,
    end.skew,
  ]);
  new Float64Array(buffer, at + header, ends).set(numbers);
  new Float64Array(buffer, at + header + 8 * ends, coefficients.length).set(coefficients);
}

/**
 * An instance that is ready for `start`.
 * @param places perturbations that may end between two reads, each with the points of a profile
 * @throws BackendError where the kernel hasn't been built, or its memory can't grow
 */
function effectiveInstance(
  setup: EffectiveSetup,
  variant: KernelVariant,
  places: number,
  points: number,
): EffectiveExports {
  const kernel = instantiate('effective', { math: { log: Math.log, exp: Math.exp } }, variant) as EffectiveExports;
  const { law, floor, capacity, batch } = setup;
  const [positive, negative] = law.tables as readonly [MeanSquareNumbers, MeanSquareNumbers?];
  const { signs } = law;
  const floors = floor instanceof Float32Array ? floor : new Float32Array(0);
  const entries = signs?.alias.length ?? 0;
  const tables = [bytesOf(positive), bytesOf(negative)] as const;
  if (kernel.layout(batch, capacity, floors.length, ...tables, entries, places, points) !== 0) {
    throw new BackendError(`no memory for a window of ${Math.max(capacity, places)} rows and ${batch} perturbations`);
  }
  const { buffer } = kernel.memory;
  new Int32Array(buffer, kernel.prefixPointer(), 4).set(setup.prefix);
  new Float64Array(buffer, kernel.edgePointer(), ziggurat.edge.length).set(ziggurat.edge);
  new Float64Array(buffer, kernel.heightPointer(), ziggurat.height.length).set(ziggurat.height);
  writeTable(buffer, kernel.positivePointer(), positive);
  if (negative !== undefined) writeTable(buffer, kernel.negativePointer(), negative);
  if (signs !== undefined) {
    new Float64Array(buffer, kernel.signThresholdPointer(), entries).set(signs.threshold);
    new Int32Array(buffer, kernel.signAliasPointer(), entries).set(signs.alias);
  }
  new Float32Array(buffer, kernel.floorsPointer(), floors.length).set(floors);
  kernel.configure(
    law.width,
    signs === undefined ? 0 : law.half,
    signs?.first ?? 0,
    setup.depth,
    setup.weightVariance,
    setup.biasVariance,
    setup.inputStrength,
    setup.postActivation,
    floor === null ? 0 : typeof floor === 'number' ? 1 : 2,
    typeof floor === 'number' ? floor : 0,
  );
  return kernel;
}

/**
 * The effective engine's kernel: draws what the laws in `propagation/effective/layer-law.ts` draw, bit for bit in every variant, since it
 * adds and multiplies in float64 in the same order and takes logarithm and exponential from the host.
 * @throws BackendError where the kernel hasn't been built, or its memory can't grow
 */
export function createEffectiveKernel(setup: EffectiveSetup, variant: KernelVariant = kernelVariant()): TraceKernel {
  return traceKernel(effectiveInstance(setup, variant, 0, 0), setup.batch);
}

/**
 * The effective engine's kernel with a detector in it: setup's floor, which is no null, is the threshold; `capacity` avalanches may end in
 * one `run`.
 * @throws BackendError where the kernel hasn't been built, or its memory can't grow
 */
export function createEffectiveAvalanches(
  setup: EffectiveSetup & { readonly floor: number | Float32Array },
  request: AvalancheRequest,
  variant: KernelVariant = kernelVariant(),
): AvalancheKernel {
  const { batch, capacity } = setup;
  const kernel = effectiveInstance({ ...setup, capacity: 0 }, variant, capacity, request.points);
  return avalancheKernel(kernel, batch, capacity, request);
}
