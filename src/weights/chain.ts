import { ParameterError } from '../error.ts';
import { biasNames, layoutByName, matches, naturally } from './names.ts';
import { described, type SavedTensor } from './saved-tensor.ts';

/** How a matrix of weights lies: a row an output (`out-in`, PyTorch) or a row an input (`in-out`, Keras, Flax). */
export type WeightLayout = 'out-in' | 'in-out';

/** Which tensors of a file are a network's layers. */
export interface WeightsOptions {
  /**
   * Names of weight matrices, with `*` and `?`, in the order of the layers; a pattern's own are in natural order (2 before 10). Default: every matrix, in
   * natural order of names, or in the file's where these don't chain, without the first layer, which takes the inputs, and the last, which gives the outputs.
   */
  readonly layers?: readonly string[];
  /** How matrices lie; default: as their shapes and biases fit together, else by their names (`kernel`, `weight`). */
  readonly layout?: WeightLayout;
}

/** A layer as its file has it. */
export interface Link {
  readonly weights: SavedTensor;
  readonly bias: SavedTensor | undefined;
}

/** Layers that fit together. */
export interface Chain {
  readonly links: readonly Link[];
  readonly layout: WeightLayout;
}

/** Inputs and outputs of a matrix. */
export function widthsOf({ shape }: Pick<SavedTensor, 'shape'>, layout: WeightLayout): { in: number; out: number } {
  const [rows, columns] = shape as [number, number];
  return layout === 'out-in' ? { in: columns, out: rows } : { in: rows, out: columns };
}

const isFloats = ({ kind }: SavedTensor): boolean => kind !== undefined;

const isVector = ({ shape }: SavedTensor): boolean => shape.length === 1 || (shape.length === 2 && shape[0] === 1);

const lengthOf = ({ shape }: SavedTensor): number => shape.at(-1)!;

/** Every matrix of some tensors with its biases, where they are known by their name and have the length of one side. */
function linksOf(tensors: readonly SavedTensor[], all: readonly SavedTensor[]): Link[] {
  const byName = new Map(all.filter(isFloats).map((tensor) => [tensor.name, tensor]));
  const links = tensors.map((weights) => ({
    weights,
    bias: biasNames(weights.name)
      .flatMap((name) => byName.get(name) ?? [])
      .find((bias) => bias !== weights && isVector(bias) && weights.shape.includes(lengthOf(bias))),
  }));
  const biases = new Set(links.map(({ bias }) => bias));
  return links.filter(({ weights }) => !biases.has(weights));
}

/** What keeps layers from following each other, in words; undefined where nothing does. */
function breakOf(links: readonly Link[], layout: WeightLayout): string | undefined {
  for (const [l, { weights, bias }] of links.entries()) {
    const { in: inputs, out } = widthsOf(weights, layout);
    if (bias !== undefined && lengthOf(bias) !== out)
      return `${described(weights)} gives ${out} outputs, ${described(bias)} belongs to ${lengthOf(bias)}`;
    const before = links[l - 1]?.weights;
    if (before !== undefined && widthsOf(before, layout).out !== inputs)
      return `${described(weights)} takes ${inputs} inputs, ${described(before)} before it gives ${widthsOf(before, layout).out}`;
  }
  return undefined;
}

/** The most tensors that a message lists. */
const most = 40;

/** What a file has, for messages. */
function listOf(tensors: readonly SavedTensor[]): string {
  const names = tensors
    .slice(0, most)
    .map((tensor) => `${described(tensor)}${isFloats(tensor) ? '' : ` ${tensor.type}`}`);
  return names.join(', ') + (tensors.length > most ? ` and ${tensors.length - most} more` : '');
}

/** How layers lie: as asked for, or the only way in which they follow each other, or as they are called. */
function layoutOf(path: string, links: readonly Link[], asked: WeightLayout | undefined): WeightLayout | undefined {
  const layouts: readonly WeightLayout[] = asked === undefined ? ['out-in', 'in-out'] : [asked];
  const fitting = layouts.filter((layout) => breakOf(links, layout) === undefined);
  if (fitting.length < 2) return fitting[0];
  const named = new Set(links.map(({ weights }) => layoutByName(weights.name)));
  const [only] = named;
  if (named.size === 1 && only !== undefined) return only;
  throw new ParameterError(
    `${path}: whether a row of its matrices is an output (PyTorch) or an input (Keras, JAX) follows neither from shapes nor from names: say layout out-in or in-out`,
  );
}

/**
 * The layers of a network among the tensors of a file.
 * @throws ParameterError that lists what there is, where no layers are found, they don't follow each other, how they lie can't be told, or there are
 *   too few; and, where all matrices are taken, where there are numbers that a chain of fully connected layers has no place for
 */
export function chainOf(path: string, tensors: readonly SavedTensor[], options: WeightsOptions = {}): Chain {
  const { layers: patterns, layout: asked } = options;
  const has = `${path} has ${listOf(tensors) || 'no tensors'}`;
  const matrices = tensors.filter((tensor) => tensor.shape.length === 2 && isFloats(tensor));
  const natural = (some: readonly SavedTensor[]) => [...some].sort((a, b) => naturally(a.name, b.name));
  const chosen =
    patterns?.flatMap((pattern) => {
      const found = natural(matrices.filter(({ name }) => matches(pattern, name)));
      if (found.length === 0) throw new ParameterError(`no matrix is called ${pattern}: ${has}`);
      return found;
    }) ?? natural(matrices);
  const twice = chosen.find((tensor, i) => chosen.indexOf(tensor) !== i);
  if (twice !== undefined)
    throw new ParameterError(`${twice.name} is named by two of the patterns ${patterns!.join(', ')}`);
  const orders = patterns === undefined ? [chosen, matrices] : [chosen];
  for (const order of orders) {
    const links = linksOf(order, tensors);
    if (links.length === 0) break;
    const layout = layoutOf(path, links, asked);
    if (layout === undefined) continue;
    if (patterns === undefined) checkNothingElse(path, links, tensors);
    const kept = patterns === undefined ? links.slice(1, -1) : links;
    if (kept.length >= 2) return { links: kept, layout };
    throw new ParameterError(
      patterns === undefined
        ? `${path} has ${links.length} fully connected layers, which leaves ${kept.length} between the first, which takes the inputs, and the last, which gives the outputs: avalanches need 2 at least, layers '*' takes all: ${has}`
        : `layers ${patterns.join(',')} are ${kept.length}, avalanches need 2 at least: ${has}`,
    );
  }
  const links = linksOf(chosen, tensors);
  if (links.length === 0) throw new ParameterError(`no weights of fully connected layers (matrices): ${has}`);
  const layout = asked ?? layoutByName(links[0]!.weights.name) ?? 'out-in';
  throw new ParameterError(`layers don't follow each other (${layout}): ${breakOf(links, layout)}: ${has}`);
}

/** Refuses to leave out normalisation, convolutions and the like without a word. */
function checkNothingElse(path: string, links: readonly Link[], tensors: readonly SavedTensor[]): void {
  const used = new Set(links.flatMap(({ weights, bias }) => [weights, bias]));
  const rest = tensors.filter((tensor) => isFloats(tensor) && tensor.shape.length > 0 && !used.has(tensor));
  if (rest.length === 0) return;
  throw new ParameterError(
    `${path} is more than fully connected layers: ${listOf(rest)}; name the layers to follow by layers, such as '${links[0]!.weights.name.replace(/\d+/g, '*')}'`,
  );
}
