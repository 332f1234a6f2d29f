import { definePipeline, registerActivation, stopParameters } from 'crackle';
import gaussian from 'crackle/pipelines/gaussian-avalanches';

// An activation of one's own, known by its name from here on, in worker threads too: they load this file again. φ is enough; derivatives that
// are left out are taken by differences, and an odd φ that says so goes twice as fast.
registerActivation({ name: 'softsign', phi: (x) => x / (1 + Math.abs(x)), evenSquare: true });

const activation = { ...gaussian.parameters.activation, default: 'softsign' };

export default definePipeline({
  ...gaussian,
  name: 'own-activation',
  doc: 'avalanches in networks of x / (1 + |x|)',
  parameters: { ...gaussian.parameters, ...stopParameters(20_000), activation },
});
