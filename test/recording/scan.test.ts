import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnsSource, fitTrace, scanTrace } from '../../src/index.ts';
import { createStream } from '../../src/numeric/random.ts';
import { output } from '../cli/fit-output.ts';
import { branchingTrace } from '../crackling/synthetic-trace.ts';
import { temporaryFolder } from '../run/temporary.ts';

const signal = branchingTrace(40_000, 5);
const quick = { blocks: 4, sizeMin: 5, sizeMax: 1000, durationMin: 5, durationMax: 100 } as const;
const folder = temporaryFolder();

describe('a scan of a trace', () => {
  it('measures at every threshold what a fit there measures, and says where there is none', async () => {
    const source = columnsSource({ signal });
    const { rows, column, notes } = await scanTrace(source, 'threshold', quick, [1, { quantile: 0.7 }, 1e9]);
    expect(column).toBe('signal');
    expect(notes).toEqual([]);
    expect(rows.map(({ asked }) => asked)).toEqual(['1', 'quantile:0.7', '1000000000']);
    for (const [i, threshold] of [1, { quantile: 0.7 }].entries()) {
      const { analysis, trace } = await fitTrace(source, { ...quick, threshold, alternatives: false });
      const { tau, alpha } = analysis.jackknife.estimate;
      expect(rows[i]).toMatchObject({ tau, alpha, value: trace.threshold, avalanches: trace.tally.valid, note: null });
    }
    expect(rows[2]).toMatchObject({ value: 1e9, avalanches: 0, tau: null });
    expect(rows[2]!.note).toMatch(/no row of the trace is at or above the threshold/);
  });

  it('goes from many rows inside to few by default, below a threshold as above it', async () => {
    const stream = createStream(41, 1);
    const v = Float64Array.from({ length: 8000 }, () => stream.normal());
    const options = { blocks: 4, sizeMax: null, durationMin: 1, durationMax: null } as const;
    const above = (await scanTrace(columnsSource({ v }), 'threshold', options)).rows;
    const below = (await scanTrace(columnsSource({ v: v.map((x) => -x) }), 'threshold', { ...options, below: true }))
      .rows;
    const inside = above.map((row) => row.inside!);
    expect(inside).toEqual(inside.toSorted((a, b) => b - a));
    above.forEach((row, i) => {
      expect(below[i]!.avalanches).toBe(row.avalanches);
      expect(below[i]!.value).toBeCloseTo(-row.value, 12);
    });
  });

  it('takes widths from a quarter to eight mean intervals, in any unit of time', async () => {
    const stream = createStream(42, 1);
    const time = Float64Array.from({ length: 5000 }, () => 100 * stream.uniform());
    const options = { blocks: 4, sizeMin: 1, sizeMax: null, durationMin: 1, durationMax: null } as const;
    const seconds = (await scanTrace(columnsSource({ time }), 'time-bin', options)).rows;
    const ms = (await scanTrace(columnsSource({ time: time.map((t) => 1000 * t) }), 'time-bin', options)).rows;
    const span = Math.max(...time) - Math.min(...time);
    expect(seconds.map(({ value }) => (value * 4999) / span)).toEqual(
      [0.25, 0.5, 1, 2, 4, 8].map((factor) => expect.closeTo(factor, 9)),
    );
    ms.forEach((row, i) => {
      expect(row.avalanches).toBe(seconds[i]!.avalanches);
    });
    // Half of the steps of random times go back, as those of a signal do; none of the same in their order.
    const inOrder = columnsSource({ time: time.toSorted() });
    const [unordered, ordered] = [
      await scanTrace(columnsSource({ time }), 'time-bin', options, [1]),
      await scanTrace(inOrder, 'time-bin', options, [1]),
    ];
    expect(unordered.notes).toEqual([
      expect.stringMatching(
        /^Column 'time' is taken for times of events, and (49|50|51) % of its rows go back in time:/,
      ),
    ]);
    expect(ordered).toMatchObject({ rows: unordered.rows, notes: [] });
    await expect(scanTrace(columnsSource({ time }), 'time-bin', options, [{ sd: 1 }])).rejects.toThrow(
      /^scan-at must be positive widths of time bins, got 1sd$/,
    );
  });

  it('is printed as a table, written as one, and drawn', async () => {
    const path = (name: string): string => join(folder, name);
    writeFileSync(path('trace.csv'), `signal\n${signal.join('\n')}\n`);
    const words = ['--trace', path('trace.csv'), '--scan', 'threshold', '--scan-at', '1,quantile:0.8', '--blocks', '4'];
    const text = await output(...words, '--out', path('scan.csv'), '--figure', path('scan.svg'));
    expect(text).toMatch(/threshold +avalanches +% inside +τ +α +γ +γ predicted +branching ratio/);
    expect(text).toMatch(/quantile:0\.8 = \d+/);
    expect(text).not.toContain('no effect');
    expect((await scanTrace(columnsSource({ signal }), 'threshold', { threshold: 2 }, [1e9])).notes).toEqual([
      expect.stringMatching(/^The threshold that was given has no effect on a scan/),
    ]);
    expect(readFileSync(path('scan.csv'), 'utf8').split('\n')[0]).toMatch(/^over,value,asked,avalanches,/);
    expect(readFileSync(path('scan.svg'), 'utf8')).toContain('Threshold of signal');
    const json = JSON.parse(await output(...words, '--json')) as { over: string; rows: { tau: number }[] };
    expect(await output('--trace', path('trace.csv'), '--scan', 'time-bin', '--scan-at', '2', '--blocks', '4')).toMatch(
      /^Column 'signal' is taken for times of events/m,
    );
    expect(json).toMatchObject({ over: 'threshold', rows: [{ asked: '1' }, { asked: 'quantile:0.8' }] });
  });
});
