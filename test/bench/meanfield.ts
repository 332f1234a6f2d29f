import { activation } from '../../src/network/activation.ts';
import { meanFieldSweep, phaseCurves } from '../../src/theory/meanfield.ts';

const line = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

/** A registered activation that nothing has been tabulated for yet. */
const fresh = (name: string) => ({ ...activation(name) });

function mapOf(name: string, weight: readonly [number, number], bias: readonly [number, number]) {
  return {
    name: `mean-field map 200 × 200, ${name}, σw² ${weight.join('–')}, σb² ${bias.join('–')}`,
    async run(): Promise<{ seconds: number; note: string }> {
      const phi = fresh(name);
      const start = performance.now();
      const points = meanFieldSweep(phi, line(...weight, 200), line(...bias, 200));
      const seconds = (performance.now() - start) / 1000;
      const chaotic = points.filter((point) => point.chi1 > 1 && point.cStar < 1).length;
      return { seconds, note: `${points.length} points, ${chaotic} of them chaotic; aim ≤ 10 s` };
    },
  };
}

export default [
  mapOf('tanh', [0, 4], [0, 0.5]),
  mapOf('tanh', [0.95, 1.05], [0, 0.002]),
  mapOf('tanh', [0, 20], [0, 5]),
  mapOf('erf', [0, 4], [0, 0.5]),
  mapOf('hard-tanh', [0, 4], [0, 0.5]),
  mapOf('silu', [0, 4], [0, 0.5]),
  {
    name: 'mean-field curves at 200 biases, tanh',
    async run(): Promise<{ seconds: number; note: string }> {
      const phi = fresh('tanh');
      const start = performance.now();
      const curves = phaseCurves(phi, line(0, 0.5, 200));
      return { seconds: (performance.now() - start) / 1000, note: `${curves.length} points on three curves` };
    },
  },
];
