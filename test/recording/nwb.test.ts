import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fitTrace, openNwb, openSource } from '../../src/index.ts';
import { output } from '../cli/fit-output.ts';
import { caseFile } from './cases.ts';

const path = join(import.meta.dirname, '../fixtures/nwb/recording.nwb');
const quick = { alternatives: false, blocks: 4, durationMin: 1, durationMax: null, sizeMax: null } as const;

async function read(part: Parameters<typeof openNwb>[1], names: readonly string[]): Promise<Record<string, number[]>> {
  const source = await openNwb(path, part);
  const all: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for await (const { columns } of source.chunks(names)) {
    for (const name of names) all[name]!.push(...(columns[name] as Float64Array));
  }
  await source.close();
  return all;
}

// Written by test/fixtures/nwb/make.py from the same events as the case of spikes by unit.
describe('an NWB file', () => {
  it('gives the spikes of all units, each with its id, as the table they were written from', async () => {
    const { time, unit } = await read('units', ['time', 'unit']);
    const source = await openSource(caseFile('spikes/by_unit.csv.gz'));
    const expected: [number, number][] = [];
    for await (const { columns } of source.chunks(['time', 'unit'])) {
      const [t, u] = [columns.time as Float64Array, columns.unit as Float64Array];
      for (const [i, value] of t.entries()) if (value < 3) expected.push([value, u[i]! + 100]);
    }
    await source.close();
    expect(time!.map((value, i) => [value, unit![i]!])).toEqual(expected);
    expect(time).toHaveLength(4579);
  });

  it('is measured as the same events in a text are: a raster of all units', async () => {
    const [units, text] = [await openNwb(path, 'units'), await openSource(caseFile('spikes/by_unit.csv.gz'))];
    const options = { ...quick, sizeMin: 1, column: 'time', timeBin: 0.004 };
    const one = await fitTrace(units, options);
    const other = await fitTrace(text, { ...options, where: ['time<3'] });
    expect(one.trace.tally).toEqual(other.trace.tally);
    expect(one.analysis.jackknife.estimate).toEqual(other.analysis.jackknife.estimate);
    for (const source of [units, text]) await source.close();
  });

  it('gives a series with a rate in its unit, and one with timestamps in parts without gaps', async () => {
    const lfp = await read({ series: 'acquisition/lfp' }, ['time', 'segment', 'data:2']);
    const source = await openSource(caseFile('lfp/lfp.csv.gz'));
    const { value } = await source.chunks(['ch2'])[Symbol.asyncIterator]().next();
    await source.close();
    const stored = (value!.columns.ch2 as Float64Array).slice(0, 4000);
    // Hundredths of a millivolt: conversion 1e-5.
    for (const [i, volt] of lfp['data:2']!.entries()) expect(volt).toBeCloseTo(stored[i]! * 1e-3, 12);
    expect(lfp.time!.slice(0, 2)).toEqual([10, 10.001]);
    expect(new Set(lfp.segment)).toEqual(new Set([0]));
    const { segment } = await read({ series: '/processing/behavior/speed/' }, ['segment']);
    expect(segment!.indexOf(1)).toBe(350);
    expect(segment!.lastIndexOf(0)).toBe(349);
  });

  it('is fitted from the command line, in parts by default, and names what it has', async () => {
    const json = async (...words: string[]) => JSON.parse(await output(path, ...words, '--no-alternatives', '--json'));
    const spikes = await json('--units', '--where', 'unit=103', '--time-bin', '0.004');
    expect(spikes.trace).toMatchObject({ column: 'time', events: 245, time_bin: 0.004 });
    expect((await json('--units')).trace.time_bin).toBeCloseTo(3 / 4579, 4);
    const speed = await json('--series', 'processing/behavior/speed', '--threshold', 'mean');
    expect(speed.trace).toMatchObject({ column: 'data', rows: 600, trials: 2 });
    const channels = await json(
      ...['--series', 'acquisition/lfp', '--channels', 'data:1,data:2', '--threshold', '-2sd', '--below'],
      ...['--time-bin', '4'],
    );
    expect(channels.trace.channels).toHaveLength(2);
    await expect(output(path, '--series', 'acquisition/eeg')).rejects.toThrow(
      /has no time series 'acquisition\/eeg'; its time series are acquisition\/lfp, processing\/behavior\/speed$/,
    );
    await expect(output('-', '--units')).rejects.toThrow(/^an NWB file is read by its path: give a file$/);
    await expect(output('package.json', '--units')).rejects.toThrow(/can't be read as HDF5: file signature not found$/);
  });

  it('that is damaged is refused in one sentence, and nothing else is written', async () => {
    const written = [vi.spyOn(console, 'error'), vi.spyOn(console, 'log'), vi.spyOn(process.stderr, 'write')];
    const cut = join(mkdtempSync(join(tmpdir(), 'crackle-nwb-')), 'cut.nwb');
    const bytes = readFileSync(path);
    writeFileSync(cut, bytes.subarray(0, 40_000));
    await expect(openSource(cut)).rejects.toThrow(/can't be read as HDF5: truncated file/);
    // Noise over half of the file: read to a reason, or to numbers, never to a crash.
    for (const at of [2000, 20_000, 45_000, 70_000]) {
      const noisy = Uint8Array.from(bytes, (byte, i) => (i >= at && i < at + 8000 ? (byte * 37 + i) % 251 : byte));
      writeFileSync(cut, noisy);
      for (const part of ['units', { series: 'acquisition/lfp' }] as const) {
        const done = await openNwb(cut, part)
          .then(async (source) => {
            for await (const _ of source.chunks([part === 'units' ? 'time' : 'data:1']));
            await source.close();
            return 'read';
          })
          .catch((error: Error) => error.message);
        expect(done).toMatch(/^read$|can't be read|has no spike times|has no time series|must/);
      }
    }
    for (const spy of written) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });
});
