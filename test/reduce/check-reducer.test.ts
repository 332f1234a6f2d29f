import { describe, expect, it } from 'vitest';
import { blocks } from '../../src/reduce/blocks.ts';
import { checkReducer } from '../../src/reduce/check-reducer.ts';
import { moments } from '../../src/reduce/moments.ts';
import { checkNeutral } from '../../src/reduce/neutral.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { scaling } from '../../src/reduce/scaling.ts';
import { together } from '../../src/reduce/together.ts';
import { column } from '../../src/schema/batch.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { avalancheBatch } from './batches.ts';

const batches = [[3, 1, 4], [1, 5], [9, 2, 6, 5], [3]].map((strengths) =>
  rowsToBatch(
    'signal',
    strengths.map((strength, i) => ({ ensemble: 0, perturbation: i, layer: 1, strength })),
  ),
);

interface Sum {
  n: number;
}

const sum: Reducer<Sum, Sum> = {
  name: 'mine',
  init: () => ({ n: 0 }),
  step: (state, batch) => {
    for (const strength of column<Float32Array>(batch, 'strength')) state.n += strength;
    return state;
  },
  merge: (into, other) => ({ n: into.n + other.n }),
  finish: ({ n }) => ({ n }),
};

/** Each breaks one law. */
const broken: readonly (readonly [string, Partial<Reducer<Sum, Sum>>, RegExp])[] = [
  ['forgets what it merges into', { merge: (_, other) => other }, /\.n is/],
  ['forgets what is merged', { merge: (into) => into }, /\.n is/],
  [
    'has an empty state that counts',
    { merge: (a, b) => ({ n: a.n + b.n + 1 }) },
    /empty state, but after merge\(init\(\), state\) \.n is 40, expected 39/,
  ],
  ['has an empty state that is not empty', { init: () => ({ n: 1 }) }, /\.n is 41, expected 40/],
  [
    'weighs by order',
    { merge: (a, b) => ({ n: a.n / 2 + b.n }) },
    /after merge\(state, init\(\)\) \.n is 19.5, expected 39/,
  ],
  [
    'changes the state that it merges from',
    {
      merge: (a, b) => {
        b.n += a.n;
        return { n: b.n };
      },
    },
    /merge leaves its second state as it is, but \.n is 39/,
  ],
  ['returns nothing from merge', { merge: () => undefined as unknown as Sum }, /merge of reducer 'mine' must return/],
  ['returns nothing from step', { step: () => undefined as unknown as Sum }, /step of reducer 'mine' must return/],
  [
    'changes its state by finish',
    {
      finish: (state) => {
        state.n++;
        return { n: state.n };
      },
    },
    /finish leaves the state as it is/,
  ],
  [
    'counts batches in place of rows',
    { step: (state) => ({ n: state.n + 1 }) },
    /batches may be cut \((\d+ \+ )*\d+ rows\), but \.n is \d+, expected 4/,
  ],
  ['adds no more than ten', { merge: (a, b) => ({ n: Math.min(a.n + b.n, 38) }) }, /\.n is 38, expected 39/],
  [
    'is no reducer of data',
    { init: () => ({ n: 0, deep: [{ f: () => 1 }] }) as Sum },
    /state of reducer 'mine' must be plain data, .* its \.deep\[0\]\.f is not \(.*could not be cloned/,
  ],
];

describe('checkReducer(reducer, batches, options)', () => {
  it('lets reducers through that obey the laws, those of the package among them', () => {
    checkReducer(sum, batches);
    checkReducer(moments('strength'), batches);
    checkReducer(blocks(moments('strength'), 4), batches);
    const avalanche = (size: number) => ({ duration: 1 + (size % 4), size, censored: false, profile: [1, 2, 2, 1] });
    const found = [
      [1, 2, 3],
      [4, 7],
    ].map((sizes) => avalancheBatch(sizes.map(avalanche)));
    checkReducer(together({ scaling: scaling(), sizes: moments('size') }), found);
  });

  for (const [what, change, said] of broken) {
    it(`names a reducer that ${what}, the law, the place and both values`, () => {
      expect(() => checkReducer({ ...sum, ...change }, batches)).toThrow(said);
      expect(() => checkReducer({ ...sum, ...change }, batches)).toThrow(/'mine'/);
    });
  }

  it('finds what few cuts show alone: one in a merge of states that have seen much', () => {
    const late = { ...sum, merge: (a: Sum, b: Sum) => ({ n: a.n + (a.n > 0 && b.n > 20 ? 0 : b.n) }) };
    expect(() => checkReducer(late, batches)).toThrow(/parts of a stream \(.* rows\) merge to the whole/);
  });

  it('allows sums their rounding, as much as is said', () => {
    const rounded = { ...sum, merge: (a: Sum, b: Sum) => ({ n: (a.n + b.n) * (a.n > 0 && b.n > 0 ? 1 + 1e-6 : 1) }) };
    expect(() => checkReducer(rounded, batches)).toThrow(/merge to the whole/);
    checkReducer(rounded, batches, { tolerance: 1e-4 });
  });

  it('cuts no batch that is one thing', () => {
    const whole = { ...sum, step: (state: Sum) => ({ n: state.n + 1 }) };
    checkReducer(whole, batches, { wholeBatches: true });
  });

  it('refuses nothing to check with', () => {
    expect(() => checkReducer(sum, [])).toThrow('batches must hold rows');
    expect(() => checkReducer(sum, batches, { tries: 0 })).toThrow('tries must be a positive integer');
  });
});

describe('checkNeutral(reducer, state)', () => {
  it('leaves the state alone', () => {
    const state = { n: 3 };
    checkNeutral({ ...sum, merge: (a: Sum, b: Sum) => Object.assign(a, { n: a.n + b.n }) } as Reducer, state);
    expect(state).toEqual({ n: 3 });
  });
});
