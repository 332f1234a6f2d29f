/** A piece of a JSON text without spaces, and of the same one with an indentation of two. */
export interface JsonPiece {
  readonly plain: string;
  readonly indented: string;
}

/** Members of an object by their names, or of a list, which have none. */
type Members = Iterable<readonly [string | undefined, unknown]>;

/** A list or an object whose members are made one by one while they are written: together they needn't fit into memory. */
export class Streamed {
  readonly brackets: '[]' | '{}';
  readonly members: Members;

  constructor(brackets: '[]' | '{}', members: Members) {
    this.brackets = brackets;
    this.members = members;
  }
}

type Replacer = (key: string, value: unknown) => unknown;

const holdsStreamed = (value: unknown): boolean =>
  value instanceof Streamed ||
  (typeof value === 'object' && value !== null && Object.values(value).some(holdsStreamed));

const streamed = (value: unknown): Streamed =>
  value instanceof Streamed ? value : new Streamed('{}', Object.entries(value as object));

function* inBrackets({ brackets, members }: Streamed, depth: number, replacer?: Replacer): Generator<JsonPiece> {
  const newLine = `\n${'  '.repeat(depth)}`;
  let before: string = brackets[0]!;
  for (const [key, value] of members) {
    if (value === undefined) continue;
    const name = key === undefined ? '' : `${JSON.stringify(key)}:`;
    const plain = before + name;
    const indented = `${before}${newLine}  ${name}${name === '' ? '' : ' '}`;
    before = ',';
    if (value instanceof Streamed || (replacer !== undefined && holdsStreamed(value))) {
      yield { plain, indented };
      yield* inBrackets(streamed(value), depth + 1, value instanceof Streamed ? undefined : replacer);
      continue;
    }
    const text = JSON.stringify(value, replacer);
    const lines =
      typeof value === 'object' ? JSON.stringify(value, replacer, 2).replaceAll('\n', `${newLine}  `) : text;
    yield { plain: plain + text, indented: indented + lines };
  }
  const last = before === ',' ? '' : before;
  yield { plain: last + brackets[1], indented: (last === '' ? newLine : last) + brackets[1] };
}

/**
 * The JSON text of an object, piece by piece: what it holds is as of `JSON.stringify` with `replacer`, members of {@link Streamed} without, and nothing is
 * streamed within those.
 */
export const jsonPieces = (value: object, replacer: Replacer): Generator<JsonPiece> =>
  inBrackets(streamed(value), 0, replacer);
