import { ParameterError } from '../../error.ts';
import { arenaBytes, floatsOf, type ImageBatch, packedFloats } from '../../kernel/convolution.ts';
import { type ResidualArchitecture, shapeOf } from '../../network/resnet/architecture.ts';
import { fanIn, type Operation, sourcesOf } from '../../network/resnet/operation.ts';

/** Where the output of an operation goes. */
export interface Place {
  readonly batch: ImageBatch;
  /** Buffer that holds it, −1 for none. */
  readonly buffer: number;
}

/** How an architecture runs in an arena: one place an operation, entry 0 for the images. */
export interface Plan {
  readonly places: readonly Place[];
  /** Floats of each buffer. */
  readonly buffers: readonly number[];
  /** Batch norms and additions whose only reader is the relu behind them: the two are one pass, and only the relu's output is kept. */
  readonly fused: ReadonlySet<number>;
  readonly bytes: number;
}

/** What outputs may share a buffer: all those without a border, those with one only where they are alike. */
const kindOf = ({ height, width, channels, border }: ImageBatch): string =>
  border === 0 ? 'plain' : `${height} ${width} ${channels} ${border}`;

/** Operations that can write into images with a border. */
const bordered = new Set<Operation['kind'] | 'images'>(['batch-norm', 'relu', 'max-pool', 'images']);

const beforeRelu = new Set<Operation['kind']>(['batch-norm', 'addition']);

function fusedWithRelu({ operations }: ResidualArchitecture): Set<number> {
  const readers = (n: number): number[] => operations.flatMap((o, i) => (sourcesOf(o).includes(n) ? [i + 1] : []));
  const before = operations.flatMap(({ kind }, i) => (beforeRelu.has(kind) ? [i + 1] : []));
  return new Set(before.filter((n) => operations[n]?.kind === 'relu' && readers(n).join() === String(n + 1)));
}

/** Pixels of zeros that the readers of an output need around it. */
function borderOf({ operations }: ResidualArchitecture, number: number): number {
  const readers = operations.filter((operation) => operation.source === number);
  const border = readers.reduce((most, reader) => Math.max(most, 'padding' in reader ? reader.padding : 0), 0);
  const kind = number === 0 ? 'images' : operations[number - 1]!.kind;
  if (border > 0 && !bordered.has(kind)) {
    throw new ParameterError(
      `a padded window must read images, a batch norm, a relu or a max pool, got operation ${number}, ${kind}`,
    );
  }
  return border;
}

/**
 * Places the outputs of all operations for batches of `images`. A buffer is used again once nothing reads it any more; one with a border only
 * for outputs of the same geometry, so that borders are never written and stay zero.
 * @throws ParameterError for an architecture whose padded windows read sums or average pools
 */
export function planOf(architecture: ResidualArchitecture, images: number): Plan {
  const { operations } = architecture;
  const fused = fusedWithRelu(architecture);
  /** Buffers that are read: what is fused leaves its reading to the relu. */
  const reads = (n: number): number[] => {
    if (n === 0 || fused.has(n)) return [];
    const sources = sourcesOf(operations[n - 1]!);
    return [...new Set(sources.flatMap((s) => (fused.has(s) ? sourcesOf(operations[s - 1]!) : [s])))];
  };
  const lastReader = new Int32Array(operations.length + 1);
  for (let n = 1; n <= operations.length; n++) for (const s of reads(n)) lastReader[s] = n;
  const buffers: number[] = [];
  const free = new Map<string, number[]>();
  const places: Place[] = [];
  for (let n = 0; n <= operations.length; n++) {
    const batch = { images, ...shapeOf(architecture, n), border: borderOf(architecture, n) };
    const floats = floatsOf(batch);
    const buffer = fused.has(n) ? -1 : (free.get(kindOf(batch))?.pop() ?? buffers.push(floats) - 1);
    if (buffer >= 0) buffers[buffer] = Math.max(buffers[buffer]!, floats);
    places.push({ batch, buffer });
    for (const s of reads(n)) {
      if (lastReader[s] !== n) continue;
      const kind = kindOf(places[s]!.batch);
      // The largest is taken first.
      const idle = [...(free.get(kind) ?? []), places[s]!.buffer].sort((a, b) => buffers[a]! - buffers[b]!);
      free.set(kind, idle);
    }
  }
  return { places, buffers, fused, bytes: bytesOf(architecture, images, buffers) };
}

/** Bytes of buffers, weights, windows, strengths and channel sums. */
function bytesOf(architecture: ResidualArchitecture, images: number, buffers: readonly number[]): number {
  const { operations } = architecture;
  const depths = operations.map((operation) => fanIn(operation, shapeOf(architecture, operation.source)));
  const channels = operations.map(({ shape }) => shape.channels);
  const most = Math.max(...channels);
  return arenaBytes(
    [
      ...buffers,
      ...channels.map((c, i) => packedFloats(depths[i]!, c)),
      Math.max(...channels.map((c, i) => depths[i]! * c)),
      ...operations.map(() => images),
      most,
      most,
      images,
    ],
    operations.map(({ shape }) => images * shape.height * shape.width),
    channels.map((c) => 2 * c),
  );
}
