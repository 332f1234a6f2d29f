import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/run/pace.ts';

/** What is said to be left, a tenth of a second each, of a run whose work after `seconds` is `done(seconds)`. */
function told(done: (seconds: number) => number, whole: number, from = 0): { at: number; left: number }[] {
  let now = 0;
  const pace = new Pace(() => now * 1000);
  const said: { at: number; left: number }[] = [];
  pace.remaining(done(from), whole);
  for (let step = 1; done(from + now) < whole; step++) {
    now = step / 10;
    said.push({ at: now, left: pace.remaining(done(from + now), whole) });
  }
  return said;
}

describe('Pace', () => {
  it('says nothing of the first seconds, then what is left of steady work, also where it goes on', () => {
    for (const from of [0, 40]) {
      const said = told((t) => 2 * t, 200, from);
      expect(said.find(({ left }) => Number.isFinite(left))!.at).toBe(3);
      for (const { at, left } of said.filter((one) => one.at >= 3)) expect(left).toBeCloseTo(100 - from - at, 6);
    }
  });

  it('leaves a slow start behind', () => {
    // Ten seconds at a tenth of the speed: the mean speed would say 62 s at the end of the first minute, where 50 are left.
    const said = told((t) => (t < 10 ? t / 10 : t - 9), 101);
    expect(said.find(({ at }) => at === 60)!.left).toBeCloseTo(50, 0);
  });

  it('leaves it behind within seconds where work comes in many steps', () => {
    // Two seconds at a twentieth of the speed, in which threads start and code is compiled.
    const said = told((t) => (t < 2 ? t / 20 : t - 1.9), 40);
    for (const { at, left } of said.filter((one) => one.at >= 5 && one.at < 41))
      expect([at, left / (41.9 - at) < 1.3]).toEqual([at, true]);
  });

  it('follows a change of speed without a jump', () => {
    // Work is four times as costly after a minute; it was thought to be all alike.
    const said = told((t) => (t < 60 ? t : 60 + (t - 60) / 4), 90);
    for (const [i, { at, left }] of said.entries()) {
      const before = said[i - 1]?.left ?? Number.POSITIVE_INFINITY;
      if (Number.isFinite(before)) expect([at, Math.abs(left - before) < 1]).toEqual([at, true]);
    }
    const late = said.find(({ at }) => at === 140)!;
    expect(late.left).toBeGreaterThan(30);
    expect(late.left).toBeLessThan(50);
  });

  it('says more and more where nothing moves any longer', () => {
    const said = told((t) => (t < 30 || t > 90 ? t : 30), 100);
    const left = (time: number): number => said.find(({ at }) => at === time)!.left;
    expect(left(30)).toBeCloseTo(70, 0);
    expect(left(60)).toBeGreaterThan(80);
    expect(left(90)).toBeGreaterThan(left(60));
  });

  it('is close to what happens where work comes in steps of many seconds', () => {
    const said = told((t) => Math.floor(t / 8), 40);
    for (const { at, left } of said.filter((one) => one.at > 40 && one.at < 300)) {
      expect([at, Math.abs(left - (320 - at)) < 1]).toEqual([at, true]);
    }
  });
});
