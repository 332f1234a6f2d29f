import { describe, expect, it } from 'vitest';
import { type Process, processEnsemble } from '../../src/process/control.ts';
import { processEngine } from '../../src/process/engine.ts';
import { processes, processOf } from '../../src/process/processes.ts';
import { scalingWindow } from '../../src/process/scaling-window.ts';
import type { Engine } from '../../src/propagation/engine.ts';
import { engine } from '../../src/propagation/engines.ts';
import { idsOf, windowsOf } from './realisations.ts';

/** All rows as one text. */
function rowsOf(process: Process, ids: Float64Array, windowRows: number): string {
  const rows: string[] = [];
  for (const { length, perturbation, layer, strength } of windowsOf(process, ids, { depth: 200, windowRows })) {
    expect(length).toBeLessThanOrEqual(windowRows);
    for (let i = 0; i < length; i++) rows.push(`${perturbation[i]} ${layer[i]} ${strength[i]}`);
  }
  return rows.join('\n');
}

describe('engines of processes', () => {
  for (const process of processes) {
    it(`gives the same rows however it is cut: ${process.name}`, () => {
      const whole = rowsOf(process, idsOf(40, 2 ** 40), 65_536);
      expect(rowsOf(process, idsOf(40, 2 ** 40), 7)).toBe(whole);
      const parts = [rowsOf(process, idsOf(13, 2 ** 40), 100), rowsOf(process, idsOf(27, 2 ** 40 + 13), 100)];
      expect(parts.join('\n')).toBe(whole);
    });

    it(`retires a realisation after its first layer below the floor: ${process.name}`, () => {
      const ensemble = processEnsemble(process, 0, {}, { depth: 200 });
      const options = { ensemble, seed: 1, observable: 'pre-activation', windowRows: 1000 } as const;
      const floor = Float32Array.from({ length: 201 }, (_, l) => (l >= 50 ? 1e30 : -1e30));
      for (const { length, layer } of processEngine(process).propagate(idsOf(5), { ...options, floor }) as Iterable<{
        length: number;
        layer: Int32Array;
      }>) {
        expect(length).toBe(250);
        expect(Math.max(...layer)).toBe(50);
      }
    });

    it(`is known by its name: ${process.name}`, async () => {
      expect((await engine(process.name)).name).toBe(process.name);
      expect(processOf(process.name)).toBe(process);
    });
  }

  it('refuses ensembles of other signals, with a word on what it wants', async () => {
    const branching: Engine = await engine('branching');
    const first = (ensemble: object, observable: 'pre-activation' | 'post-activation' = 'pre-activation') => {
      const options = { ensemble, seed: 1, observable, floor: 1, windowRows: 10 };
      return () => [...(branching.propagate(idsOf(1), options as never) as Iterable<unknown>)];
    };
    const own = processEnsemble(processOf('branching'), 0);
    expect(first(processEnsemble(processOf('abbm'), 0))).toThrow(
      /engine branching follows ensembles of process branching, got abbm/,
    );
    expect(first({ ...own, model: undefined, process: undefined })).toThrow(/got a network/);
    expect(first({ ...own, reuse: 2 })).toThrow(/reuse must be 1, got 2/);
    expect(first(own, 'post-activation')).toThrow(/observable must be pre-activation/);
    expect(first(own)).not.toThrow();
  });

  it('refuses parameters out of range or unknown', () => {
    const make = (name: string, given: Record<string, number>, options?: { depth: number }) => () =>
      processEnsemble(processOf(name), 0, given, options);
    expect(make('branching', { m: -1 })).toThrow(/mean offspring m must be a number from 0 to 1000, got -1/);
    expect(make('branching', { n: 1 })).toThrow(/process branching has the parameters m, got 'n'/);
    expect(make('abbm', { c: 1 })).toThrow(/drive c must be a number from 0 to below 1, got 1/);
    expect(make('dp-1+1', { p: 1.5 })).toThrow(/probability p .* got 1.5/);
    expect(make('dp-2+1', {}, { depth: 70_000 })).toThrow(/depth .* from 1 to 65534, got 70000/);
    expect(make('random-walk', { start: 0 })).toThrow(/start .* got 0/);
    expect(make('ornstein-uhlenbeck', { relaxation: 0 })).toThrow(/relaxation time .* got 0/);
    expect(() => processOf('walk')).toThrow(/unknown process 'walk'; known processes: branching, random-walk/);
  });

  it('states its window before it sees data', () => {
    const window = (name: string, given: Record<string, number>, depth: number) => {
      const process = processOf(name);
      return scalingWindow(process, { ...process.defaults, ...given }, depth);
    };
    expect(window('random-walk', {}, 8192)).toEqual({ least: 20, most: 1024 });
    // α of the exact law is 1.91 from 20 layers on, and within 0.05 of 2 from 80 on.
    expect(window('branching', {}, 8192)).toEqual({ least: 80, most: 1024 });
    // Off the critical point the process has a length of its own: 1/|ln 0.999| = 999.5 layers.
    expect(window('branching', { m: 0.999 }, 8192)).toEqual({ least: 20, most: 124 });
    expect(window('branching', {}, 10)).toEqual({ least: 20, most: 21 });
    expect(window('ornstein-uhlenbeck', {}, 65_536)).toEqual({ least: 20, most: 1024 });
    // No exact law says what corrections come to.
    expect(window('dp-1+1', {}, 2048)).toEqual({ least: 64, most: 256 });
  });
});
