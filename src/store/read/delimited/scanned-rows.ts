import { type LineSink, scanLines } from '../byte-lines.ts';
import type { Dialect } from '../dialect.ts';
import type { TextStream } from '../text-stream.ts';
import type { RowTaker } from './row-taker.ts';

/** Takes whole lines without quotes, from their bytes. */
export function scannedRows(
  taker: RowTaker,
  dialect: Dialect,
  text: Pick<TextStream, 'decode'>,
): (block: Uint8Array) => void {
  const { at, out } = taker;
  const { columns, comment, delimiter } = dialect;
  const width = columns.length;
  const order = at.map((_, i) => i).sort((a, b) => at[a]! - at[b]!);
  const ascending = order.map((i) => at[i]!);
  const simple = dialect.decimal === '.' && dialect.thousands === undefined;
  let block: Uint8Array = new Uint8Array(0);
  let lines = 0;
  const slice = (from: number, to: number): string => text.decode(block.subarray(from, to));
  const lineAt = (): number => taker.before + 1 + lines;
  const columnsNow = (): readonly (Float64Array | undefined)[] => {
    const numbers = out.numbers();
    return order.map((i) => (simple ? numbers[i] : undefined));
  };
  const sink: LineSink = {
    before: false,
    columns: [],
    row: 0,
    special(from, to) {
      const special = taker.passesOver(slice(from, to));
      if (special) lines++;
      else if (taker.hasBlanks) {
        taker.fillBlanks();
        sink.row = out.filled;
        sink.columns = columnsNow();
      }
      sink.before = taker.isWary;
      return special;
    },
    other: (position, from, to) => taker.take(order[position]!, slice(from, to), lineAt),
    end(count, taken, from, to) {
      if (count > width) {
        const beyond = slice(from, to).split(delimiter).slice(width);
        if (beyond.some((cell) => cell.trim() !== '')) taker.tooMany(lineAt(), count);
      }
      for (let p = taken; p < order.length; p++) taker.take(order[p]!, '', () => 0);
      lines++;
      sink.row++;
      if (out.endRow()) {
        sink.columns = columnsNow();
        sink.row = 0;
      }
    },
  };
  return (next) => {
    block = next;
    sink.before = taker.isWary;
    sink.row = out.filled;
    sink.columns = columnsNow();
    lines = 0;
    scanLines(block, delimiter.charCodeAt(0), ascending, comment?.charCodeAt(0) ?? -1, sink);
    taker.before += lines;
  };
}
