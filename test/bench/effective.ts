import { activation } from '../../src/network/activation.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { layerLaw } from '../../src/propagation/effective/layer-law.ts';
import { effective } from '../../src/propagation/effective.ts';
import type { SignalWindow } from '../../src/propagation/engine.ts';

const DEPTH = 5000;
const TRACES = 4;

function ensembleOf(name: string, width: number): Ensemble {
  const critical = name === 'relu' ? 2 : 1;
  return {
    index: 0,
    activation: name,
    width,
    depth: DEPTH,
    weightVariance: critical * (1 + 1 / width),
    biasVariance: 0,
    inputStrength: 0.1 / Math.sqrt(width),
    reuse: 1,
  };
}

/** Seconds for all layers of a few traces, windows included. */
function once(ensemble: Ensemble, seed: number): number {
  const ids = Float64Array.from({ length: TRACES }, (_, i) => i);
  const options = { ensemble, seed, observable: 'pre-activation', floor: null, windowRows: TRACES * DEPTH } as const;
  const start = performance.now();
  let rows = 0;
  for (const { length } of effective.propagate(ids, options) as Iterable<SignalWindow>) rows += length;
  const seconds = (performance.now() - start) / 1000;
  if (rows !== TRACES * DEPTH) throw new Error(`expected ${TRACES * DEPTH} rows, got ${rows}`);
  return seconds;
}

/** Best of 600 short runs, the first of which warm up, for one layer: short enough to fall between what else the machine does. */
function secondsPerLayer(ensemble: Ensemble): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 600; run++) best = Math.min(best, once(ensemble, run));
  return best / (TRACES * DEPTH);
}

const narrow = ensembleOf('tanh', 100);
let reference: number | undefined;

const layers = [
  ...[1e2, 1e3, 1e4, 1e5, 1e6].map((width) => ['tanh', width] as const),
  ...(['linear', 'relu', 'gelu'] as const).map((name) => [name, 512] as const),
].map(([name, width]) => ({
  name: `effective engine, one layer, ${name}, N = ${width}`,
  async run() {
    reference ??= secondsPerLayer(narrow);
    const seconds = secondsPerLayer(ensembleOf(name, width));
    return {
      seconds,
      referenceSeconds: reference,
      note: `${(seconds * 1e9).toFixed(0)} ns; reference: tanh at N = 100`,
    };
  },
}));

/** Each run tabulates anew: the tables are kept by activation object. */
const tables = {
  name: 'effective engine, tables of tanh at N = 512',
  async run() {
    let seconds = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 5; run++) {
      const start = performance.now();
      layerLaw({ ...activation('tanh') }, 512, 1);
      seconds = Math.min(seconds, (performance.now() - start) / 1000);
    }
    return { seconds, note: 'once an ensemble and thread' };
  },
};

export default [...layers, tables];
