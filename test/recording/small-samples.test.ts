import { describe, expect, it } from 'vitest';
import { type ColumnFit, fitColumn, openSource, sentencesOf } from '../../src/index.ts';
import { caseFile } from './cases.ts';

async function fitted(name: string, options = {}): Promise<ColumnFit> {
  const source = await openSource(caseFile(name));
  try {
    return await fitColumn(source, options);
  } finally {
    await source.close();
  }
}

describe('samples of a few values, or of a few distinct ones', () => {
  // Of samples of the exponential, 3 % favour the power law as much as these 12 values: p = 1e-234 was wrong by all of it.
  it('have no p-value where 12 values of 2 kinds are in the tail', async () => {
    const { report } = await fitted('few-distinct/mostly1.csv');
    expect(report).toMatchObject({ n: 42, n_tail: 12, n_distinct: 2, xmin: 2 });
    expect(report.alternatives.every(({ p_value }) => Number.isNaN(p_value))).toBe(true);
    expect(sentencesOf(report)[0]).toMatch(/^Only 12 of 42 values, 2 of them distinct, are in the tail/);
  });

  it('say nothing beside the table that it does not say, of four lumps a decade apart', async () => {
    const { report } = await fitted('decade-lumps/lumps.csv', { xmin: 1 });
    expect(report.exponent).toBeCloseTo(2.581, 3);
    const text = sentencesOf(report).join(' ');
    expect(text).toMatch(/No likelihood ratio says which law fits better/);
    expect(text).not.toMatch(/can't be told apart|fits better than/);
  });

  it.each(['few-distinct/a.csv', 'few-distinct/b.csv', 'decade-lumps/few.csv'])(
    'give a fit that is called too small for one, of %s',
    async (name) => {
      const { report } = await fitted(name);
      expect(Number.isFinite(report.exponent)).toBe(true);
      expect(sentencesOf(report)[0]).toMatch(/are in the tail: an exponent needs 50 to mean much\.$/);
    },
  );

  it.each([
    ['few-distinct/d.csv', /got 2 of them all equal to 9$/],
    ['few-distinct/threes.csv', /all equal to \d$/],
  ])('of one value are refused, with the value: %s', async (name, message) => {
    await expect(fitted(name)).rejects.toThrow(message);
  });
});
