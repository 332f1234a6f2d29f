import { poisson } from '../../../src/numeric/poisson.ts';
import { createStream, type RandomStream } from '../../../src/numeric/random.ts';
import { compareExponents, type ExponentDifference } from '../../../src/recording/compare.ts';
import { fitAvalanches } from '../../../src/recording/crackling.ts';
import { columnsSource } from '../../../src/recording/source.ts';

/** Size and duration of an avalanche; undefined for one that outlasts what is followed. */
type Draw = (stream: RandomStream) => readonly [size: number, duration: number] | undefined;

const longest = 10_000;

/** Critical branching with Poisson offspring. */
const branching: Draw = (stream) => {
  let [size, duration] = [0, 0];
  for (let alive = 1; alive > 0; alive = poisson(stream, alive)) {
    size += alive;
    if (++duration === longest) return undefined;
  }
  return [size, duration];
};

/** A walk of steps ±1 until it is back at zero, and the area under it. */
const walk: Draw = (stream) => {
  let [height, area, duration] = [1, 1, 1];
  while (height > 0) {
    height += stream.uniform() < 0.5 ? 1 : -1;
    area += height;
    if (++duration === longest) return undefined;
  }
  return [area, duration];
};

const laws = { branching, walk } as const;

export type PairedLaw = keyof typeof laws;

function sample(draw: Draw, seed: number, count: number) {
  const stream = createStream(seed, 0x70616972);
  const size = new Float64Array(count);
  const duration = new Float64Array(count);
  for (let i = 0; i < count; ) {
    const drawn = draw(stream);
    if (drawn === undefined) continue;
    [size[i], duration[i]] = drawn;
    i++;
  }
  return columnsSource({ size, duration });
}

/** How often exponents of two samples of one law are told apart, as `crackle fit --avalanches size,duration --against` does. */
export async function falseAlarms(
  name: PairedLaw,
  pairs: { readonly from: number; readonly count: number; readonly avalanches: number },
): Promise<string> {
  const measure = (seed: number) => fitAvalanches(sample(laws[name], seed, pairs.avalanches), { alternatives: false });
  const found: ExponentDifference[] = [];
  for (let pair = pairs.from; pair < pairs.from + pairs.count; pair++) {
    found.push(...compareExponents(await measure(2 * pair), await measure(2 * pair + 1)));
  }
  const lines = [...new Set(found.map(({ exponent }) => exponent))].map((exponent) => {
    const z = found.filter((one) => one.exponent === exponent && Number.isFinite(one.z)).map((one) => one.z);
    const beyond = (limit: number): string =>
      `${((100 * z.filter((one) => Math.abs(one) > limit).length) / z.length).toFixed(1)} %`.padStart(8);
    const spread = Math.sqrt(z.reduce((sum, one) => sum + one * one, 0) / z.length).toFixed(2);
    return [
      name.padEnd(10),
      exponent.padEnd(14),
      String(z.length).padStart(5),
      spread.padStart(8),
      beyond(1.96),
      beyond(2.576),
    ].join(' ');
  });
  return ['law        exponent       pairs  rms z    p < 0.05 p < 0.01', ...lines].join('\n');
}
