import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { columnsSource, fitAvalanches, fitColumn, fitTrace, openSource } from '../../src/index.ts';
import { secondsOf } from '../../src/recording/times.ts';
import { temporaryFolder } from '../run/temporary.ts';

const folder = temporaryFolder();
const size = Float64Array.from({ length: 400 }, (_, i) => ((i + 0.5) / 400) ** (-1 / 1.5));

async function fromText(text: string) {
  const path = join(folder, 'table.csv');
  writeFileSync(path, text);
  const source = await openSource(path);
  onTestFinished(() => source.close());
  return source;
}

describe('rows that are chosen', () => {
  const session = Array.from(size, (_, i) => ['a', 'b', null][i % 3]!);
  const source = columnsSource({ size, session, day: size.map((_, i) => i) }, 'sizes');
  const refused = (where: string[]) =>
    fitColumn(source, { column: 'size', where }).then(
      () => 'fitted',
      (error: Error) => error.message,
    );

  it('that are none say what there is', async () => {
    expect(await refused(['session=c'])).toBe(
      "where: none of the 400 rows of sizes holds session=c; column 'session' holds a, b, no value",
    );
    expect(await refused(['session=a', 'day>1000'])).toBe(
      "where: none of the 400 rows of sizes holds session=a and day>1000; column 'session' holds a, b, no value; column 'day' holds numbers from 0 to 399",
    );
  });

  it('that are all censored say so', async () => {
    const cut = columnsSource({ size, session, censored: Array.from(size, () => true) }, 'cut');
    await expect(fitColumn(cut, { column: 'size' })).rejects.toThrow(/^all 400 rows of cut are censored, and left out/);
    await expect(fitColumn(cut, { column: 'size', where: ['session=a'] })).rejects.toThrow(
      /^all 134 rows of cut that hold session=a are censored/,
    );
  });

  it('by true and false in any spelling, 1 and 0; censored ones of a text are left out, too', async () => {
    const kept = async (where: string[], [yes, no] = ['True', 'False']) => {
      const rows = Array.from(size, (x, i) => `${x},${i % 4 === 0 ? yes : no}`).join('\n');
      const { counts } = await fitColumn(await fromText(`size,censored\n${rows}\n`), {
        column: 'size',
        where,
        alternatives: false,
      });
      return [counts.kept, counts.censored];
    };
    expect(await kept(['censored=false'])).toEqual([300, 0]);
    expect(await kept(['censored!=FALSE'])).toEqual([100, 0]);
    expect(await kept([])).toEqual([300, 100]);
    expect(await kept([], ['1', '0'])).toEqual([300, 100]);
    expect(await kept(['censored=1'], ['1', '0'])).toEqual([100, 0]);
  });
});

describe('blocks by names', () => {
  it('are those of the numbers that stand for them', async () => {
    const duration = size.map((x) => Math.round(3 * x ** 0.6));
    const number = size.map((_, i) => i % 40);
    const name = Array.from(number, (n) => `session ${n}`);
    const source = columnsSource({ size, duration, number, name });
    const cutoffs = { sizeMin: 1, sizeMax: 50, durationMin: 3, durationMax: 30, alternatives: false } as const;
    const byNumber = await fitAvalanches(source, { blockBy: 'number', ...cutoffs });
    const byName = await fitAvalanches(source, { blockBy: 'name', ...cutoffs });
    expect(byName.analysis.jackknife).toEqual(byNumber.analysis.jackknife);
    const half = columnsSource({ size, duration, half: size.map((_, i) => i / 2) });
    await expect(fitAvalanches(half, { blockBy: 'half', ...cutoffs })).rejects.toThrow(
      /^block-by: column 'half' must hold integers or names, got 0.5$/,
    );
    await expect(fitAvalanches(half, { avalanches: 'size,duration' as never })).rejects.toThrow(
      /^avalanches must be the names of two columns, .* in a script \['size', 'duration'\]\), got 'size,duration'$/,
    );
  });
});

describe('times of events', () => {
  const seconds = Float64Array.from(
    { length: 3000 },
    (_, i) => 0.01 * i + (i % 7 === 0 ? 0.004 : 0) + (i % 50) * 0.0005,
  );
  const fit = { timeBin: 0.02, alternatives: false, sizeMin: 1, durationMin: 1 } as const;
  const tally = async (source: Parameters<typeof fitTrace>[0], column: string) => {
    const { trace } = await fitTrace(source, { column, ...fit });
    return trace.tally;
  };

  it('are seconds, as timestamps in ISO 8601 as well as as numbers', async () => {
    const stamps = Array.from(seconds, (t) => {
      const [whole, fraction] = t.toFixed(6).split('.') as [string, string];
      return `${new Date(Date.UTC(2026, 0, 2, 3) + 1000 * Number(whole)).toISOString().slice(0, 19)}.${fraction}+00:00`;
    });
    const gaps = (i: number) => i % 40 < 30;
    const chosen = seconds.filter((_, i) => gaps(i));
    const texts = stamps.filter((_, i) => gaps(i));
    const source = await fromText(`t\n${texts.join('\n')}\n`);
    expect(await tally(source, 't')).toEqual(await tally(columnsSource({ t: chosen.map((t) => t + 10_800) }), 't'));
  });

  it('are refused as values, with what they are for', async () => {
    await expect(fitColumn(await fromText('t\n2026-01-01\n2026-01-02\n'), { column: 't' })).rejects.toThrow(
      /holds texts, such as '2026-01-01', expected numbers: times of events are a trace with a time bin, in seconds$/,
    );
    const nested = await openSource(join(import.meta.dirname, '../fixtures/columnar/nested.parquet'));
    onTestFinished(() => nested.close());
    await expect(fitColumn(nested, { column: 't' })).rejects.toThrow(/holds dates, expected numbers: times of events/);
    await expect(fitColumn(nested, { column: 's.size', where: ['t>2030-01-01'] })).rejects.toThrow(
      /none of the 3 rows of .* holds t>2030-01-01/,
    );
  });

  it('are read to the microsecond, in their zone', () => {
    expect(secondsOf('1970-01-01T01:00:00.000001+01:00')).toBe(1e-6);
    expect(secondsOf('1970-01-02')).toBe(86_400);
    expect(secondsOf('1970-01-01 00:01Z')).toBe(60);
    expect(['2026-13-01', '12', '2026-01-01 noon', ''].map(secondsOf)).toEqual(Array(4).fill(undefined));
  });
});
