import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { PartitionContext, Study } from '../pipeline.ts';
import { phaseMapFigure } from '../report/phase-figures.ts';
import { phaseSectionsFigure } from '../report/phase-sections-figure.ts';
import { ridgesSummary } from '../report/ridges-summary.ts';
import type { Stage } from '../stage.ts';
import { curveBiasVariances, phaseCurveRow, phaseCurves } from '../theory/meanfield.ts';
import { cellCost } from './cell-cost.ts';
import { phaseCells } from './cells.ts';
import type { PhaseValues } from './parameters.ts';
import { type CellResult, cellReducer } from './reducer.ts';
import { sizeResponse } from './size-response.ts';
import { steadyState } from './steady-state.ts';
import { phaseRow } from './tables.ts';

/** The phase diagram's share of a composition, and the stages that measure the steady state of a cell and the response of its avalanches. */
export interface PhaseDiagram extends Study<CellResult> {
  steady(partition: PartitionContext): Stage<'perturbation', 'steady_state'>;
  response(partition: PartitionContext): Stage<'perturbation', 'size_response'>;
}

/** Tables that a phase diagram makes. */
export const phaseTableNames = ['phase', 'phase_curve'] as const;

/** Quantities of the heat maps, theory above simulation. */
const maps = [
  { column: 's_star', title: 'Signal strength s*, theory', with: ['strength'] },
  { column: 'strength', title: 'Signal strength, simulation', with: ['s_star'] },
  { column: 'chi_weight_variance', title: 'Susceptibility ∂s*/∂σw², theory', log: true, with: ['susceptibility'] },
  { column: 'susceptibility', title: 'Susceptibility, simulation', log: true, with: ['chi_weight_variance'] },
  { column: 'xi_q', title: 'Depth scale of the strength (layers), theory', log: true },
  { column: 'mean_size', title: 'Mean avalanche size ⟨S⟩ (excess), simulation', log: true },
  { column: 'xi_c', title: 'Correlation depth (layers), theory', log: true },
  { column: 'size_susceptibility', title: 'Size susceptibility d⟨S⟩/dσw², simulation', log: true },
];

const drawn = new Set(['edge-of-chaos', 'widom-weight-variance']);

/**
 * The phase diagram as part of a pipeline: cells over a grid of (σw², σb²), each an ensemble with a stop rule of its own (more networks near
 * criticality); the theory beside what their networks did, as table `phase`, and the curves as table `phase_curve`.
 * Spread it into what `compose` returns, with stages that emit `steady_state`, `size_response` and `avalanche` batches.
 */
export function phaseDiagram(values: PhaseValues): PhaseDiagram {
  const cells = phaseCells(values);
  const cellOf = ({ index }: Ensemble) => cells[index]!;
  const partitionSize = Math.min(values.leastNetworks, 256);
  return {
    ensembles: cells.map(({ ensemble }) => ensemble),
    stop: { perturbations: values.mostNetworks },
    unit: 'networks',
    stopOf: (ensemble) => ({ perturbations: cellOf(ensemble).perturbations }),
    partitionSize,
    steady: (partition) => {
      const { burnIn, start } = cellOf(partition.ensemble);
      return steadyState(partition, { ...values, burnIn, start });
    },
    response: (partition) => sizeResponse(partition, { engine: values.engine, step: values.sizeStep }),
    reducer: cellReducer(),
    results: (ensembles) => ({
      phase: ensembles.map((one) => phaseRow(cellOf(one.ensemble), one, values)),
      phase_curve: phaseCurves(activation(values.activation), curveBiasVariances(values.biasFrom, values.biasTo)).map(
        phaseCurveRow,
      ),
    }),
    estimate: ({ steady_state: { strength, susceptibility } }) => ({ s: strength.mean, χ: susceptibility.mean }),
    cost: (ensemble) => cellCost(cellOf(ensemble), partitionSize, values),
    summaries: (tables) => [ridgesSummary(tables)],
    after: { all: 0.5, figures: 2.5 },
    figures: ({ phase = [], phase_curve = [] }) => [
      phaseMapFigure(phase, {
        title: `Phase diagram, N = ${values.width}`,
        quantities: maps,
        columns: 2,
        curves: phase_curve.filter(({ curve }) => drawn.has(String(curve))),
      }),
      phaseSectionsFigure(phase),
    ],
  };
}
