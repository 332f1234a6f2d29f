import type { Ensemble } from '../network/ensemble.ts';
import { distinct } from '../parameter.ts';
import type { StopRule } from '../pipeline.ts';
import { type KnownExponents, labelOf, type Process, processEnsemble } from './control.ts';
import { fromZero, type KnownExponentsValues } from './parameters.ts';
import { processOf } from './processes.ts';

/** One ensemble of a measurement of known exponents. */
export interface Control {
  readonly subject: Process;
  readonly ensemble: Ensemble;
  /** Which size is measured. */
  readonly size: 'excess' | 'signal';
  readonly known: KnownExponents;
  readonly stop: StopRule;
}

function given(name: string, values: KnownExponentsValues): Record<string, number>[] {
  if (name === 'branching') return [{ m: values.offspring }];
  if (name === 'abbm') return values.drives.map((c) => ({ c }));
  if (name === 'ornstein-uhlenbeck') return [{ relaxation: values.relaxation }];
  return [{}];
}

/** Realisations with many avalanches are counted, so that a partition holds few of them; else avalanches are. */
function stopOf({ crop, avalanches }: Process, { depth, process: own }: Ensemble, valid: number | null): StopRule {
  const wanted = valid ?? avalanches;
  const each = crop?.(own?.parameters ?? {}, depth);
  return each === undefined ? { valid: wanted } : { perturbations: Math.max(1, Math.ceil(wanted / each)) };
}

/**
 * The controls that the parameters describe.
 * @throws ParameterError for a process or drive that is listed twice, or parameters out of range
 */
export function controlsOf(values: KnownExponentsValues): Control[] {
  distinct('processes', values.processes);
  distinct('drives', values.drives);
  const wanted = values.processes.flatMap((name) => {
    const found = processOf(name === fromZero ? 'random-walk' : name);
    return given(name, values).map((parameters) => ({ name, found, parameters }));
  });
  return wanted.map(({ name, found, parameters }, index) => {
    const trap = name === fromZero;
    const label = `${labelOf(found, { ...found.defaults, ...parameters })}${trap ? ', size from zero' : ''}`;
    const depth = values.depth ?? found.depth;
    const ensemble = processEnsemble(found, index, parameters, { depth, label });
    return {
      subject: found,
      ensemble,
      size: trap ? 'signal' : 'excess',
      known: found.known(ensemble.process!.parameters),
      stop: stopOf(found, ensemble, values.valid),
    };
  });
}
