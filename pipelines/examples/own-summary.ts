import { definePipeline, type Summary, stopParameters, type Tables } from 'crackle';
import gaussian from 'crackle/pipelines/gaussian-avalanches';

/** A summary of one's own: a finding of finished tables in words and numbers; terminal, report.html and JSON show it. */
function relationSummary({ exponents = [] }: Tables): Summary {
  const rows = exponents.map(({ width, gamma_scaling: gamma, gamma_predicted: predicted }) => {
    const apart = (gamma ?? Number.NaN) - (predicted ?? Number.NaN);
    return [`N = ${width}`, Number.isNaN(apart) ? 'not measured' : Math.abs(apart).toFixed(2)];
  });
  const caption = 'How far γ is from (α − 1)/(τ − 1).';
  return { id: 'relation', title: 'Crackling relation', caption, head: ['Width', 'Apart by'], rows };
}

export default definePipeline({
  ...gaussian,
  name: 'own-summary',
  doc: 'avalanches in random networks, with a summary of the crackling relation',
  parameters: { ...gaussian.parameters, ...stopParameters(20_000) },
  compose: (values) => {
    const all = gaussian.compose(values);
    return { ...all, summaries: (tables) => [relationSummary(tables), ...(all.summaries?.(tables) ?? [])] };
  },
});
