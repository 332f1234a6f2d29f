import { definePipeline, type Figure, stopParameters, type Tables, themed } from 'crackle';
import gaussian from 'crackle/pipelines/gaussian-avalanches';

/** A figure of one's own: a Vega-Lite specification made of finished tables; SVG, PNG and report.html follow. */
function branchingFigure({ exponents: values = [] }: Tables): Figure {
  const title = 'Branching ratio';
  const caption = 'Branching ratio against width N: near 1 at criticality.';
  const axis = (field: string, title: string) => ({ field, title, type: 'quantitative', scale: { zero: false } });
  const encoding = { x: axis('width', 'Width N'), y: axis('branching_ratio', 'Branching ratio') };
  return { name: 'branching', title, caption, spec: themed({ data: { values }, mark: 'point', encoding }) };
}

export default definePipeline({
  ...gaussian,
  name: 'own-figure',
  doc: 'avalanches in random networks, with a figure of branching ratios',
  parameters: { ...gaussian.parameters, ...stopParameters(20_000) },
  compose: (values) => {
    const all = gaussian.compose(values);
    return { ...all, figures: (tables) => [...(all.figures?.(tables) ?? []), branchingFigure(tables)] };
  },
});
