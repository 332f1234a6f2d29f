import { checkReducer, column, type Reducer, rowsToBatch } from 'crackle';

const longest: Reducer<{ layers: number }, number> = {
  name: 'longest',
  init: () => ({ layers: 0 }),
  step: ({ layers }, batch) => ({
    layers: column<Int32Array>(batch, 'layer').reduce((a, b) => Math.max(a, b), layers),
  }),
  merge: (into, other) => ({ layers: Math.max(into.layers, other.layers) }),
  finish: ({ layers }) => layers,
};

const layers = [3, 1, 4, 1, 5, 9, 2, 6];
const rows = layers.map((layer, i) => ({ ensemble: 0, perturbation: i, layer, strength: 1 }));
const batches = [rowsToBatch('signal', rows.slice(0, 5)), rowsToBatch('signal', rows.slice(5))];

checkReducer(longest, batches);
console.log('obeys the laws');

try {
  checkReducer({ ...longest, merge: (_, other) => other }, batches);
} catch (error) {
  console.log((error as Error).message);
}
