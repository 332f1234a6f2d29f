import { describe, expect, test } from 'vitest';
import { doctorCommand } from '../../src/cli/doctor.ts';
import type { Check } from '../../src/cli/doctor-check.ts';
import { diagnose } from '../../src/cli/doctor-checks.ts';

describe('crackle doctor', () => {
  test('finds everything that crackle needs where the tests run, and says how to get the rest', async () => {
    const checks = await diagnose();
    const names = checks.map(({ name }) => name);
    for (const name of [
      'Node',
      'kernels',
      'backend simd',
      'backend wasm',
      'backend cpu',
      'backend tensorflow-gpu',
      'pyarrow',
    ]) {
      expect(names).toContain(name);
    }
    expect(new Set(names).size).toBe(names.length);
    expect(checks.filter(({ state }) => state === 'missing')).toEqual([]);
    for (const check of checks) if (check.state === 'optional') expect(check.advice).toBeTruthy();
    expect(checks.find(({ name }) => name === 'backend simd')!.detail).toMatch(/^\d+(\.\d+)? GFLOP\/s/);
  });

  test('--json prints the same as data, and nothing else, to stdout', async () => {
    const lines: string[] = [];
    const { log } = console;
    console.log = (line: string) => lines.push(line);
    try {
      await doctorCommand().parseAsync(['--json'], { from: 'user' });
    } finally {
      console.log = log;
    }
    const { checks } = JSON.parse(lines.join('\n')) as { checks: Check[] };
    expect(checks.length).toBeGreaterThan(8);
    expect(checks.every(({ name, state, detail }) => name !== '' && state !== undefined && detail !== '')).toBe(true);
  });
});
