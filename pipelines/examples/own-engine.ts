import { createStream, definePipeline, type Engine, registerEngine, SignalRows, stopParameters } from 'crackle';
import gaussian from 'crackle/pipelines/gaussian-avalanches';

/** An engine of one's own: ln s takes normal steps of variance 1/(2N), as it does in wide linear networks at σw² = 1 + 1/N. */
const multiplicative: Engine = {
  name: 'multiplicative',
  *propagate(perturbations, { ensemble, seed, floor, windowRows }) {
    const rows = new SignalRows(windowRows);
    for (const id of perturbations) {
      const stream = createStream(seed, ensemble.index, 0x6d756c74, id); // whose draw it is: so chunks and threads don't matter
      let s = ensemble.inputStrength;
      for (let layer = 1; layer <= ensemble.depth; layer++) {
        s *= Math.exp(Math.sqrt(0.5 / ensemble.width) * stream.normal());
        rows.push(id, layer, s);
        if (rows.full) yield rows.take();
        if (floor !== null && s < (typeof floor === 'number' ? floor : floor[layer]!)) break;
      }
    }
    if (rows.length > 0) yield rows.take();
  },
};
registerEngine('multiplicative', multiplicative);

const engine = { ...gaussian.parameters.engine, default: 'multiplicative' };

export default definePipeline({
  ...gaussian,
  name: 'own-engine',
  doc: 'avalanches of a multiplicative random walk',
  parameters: { ...gaussian.parameters, ...stopParameters(20_000), engine },
});
