import { flagName } from '../parameter.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Provenance } from '../report/provenance.ts';
import { duration } from '../report/quantity.ts';
import type { Manifest } from '../store/manifest.ts';

/** A word as a POSIX shell reads it back. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

function wordOf(value: unknown): string {
  if (value === null) return 'auto';
  return Array.isArray(value) ? value.join(',') : String(value);
}

type CommandHead = Pick<Manifest, 'seed' | 'record' | 'parquet' | 'module' | 'partition_sizes'>;

/** The one size of partitions that a command line can ask for; undefined where they follow from the parameters, or differ. */
function onlySize(sizes: readonly number[] = []): number | undefined {
  return new Set(sizes).size === 1 ? sizes[0] : undefined;
}

/** The command line that runs a pipeline with these values: defaults are left out. */
export function commandOf(
  { name, parameters }: Pick<Pipeline, 'name' | 'parameters'>,
  values: Readonly<Record<string, unknown>>,
  { seed, record, parquet, module, partition_sizes }: CommandHead,
): string {
  const flags = Object.entries(parameters).flatMap(([parameter, spec]) => {
    const value = values[parameter];
    if (value === undefined || JSON.stringify(value) === JSON.stringify(spec.default)) return [];
    return [`--${flagName(parameter)}`, wordOf(value)];
  });
  const file = module?.startsWith('file:') ? module.slice(module.lastIndexOf('/') + 1) : undefined;
  const what = file === undefined ? name : decodeURIComponent(file);
  const recorded = record.length === 0 ? [] : ['--record', record.join(',')];
  const encodings = parquet === 'compact' ? ['--parquet', parquet] : [];
  const size = onlySize(partition_sizes);
  const partitions = size === undefined ? [] : ['--partition-size', String(size)];
  return ['crackle', 'run', what, ...flags, '--seed', String(seed), ...partitions, ...recorded, ...encodings]
    .map(quoted)
    .join(' ');
}

const paper = {
  text: 'Ghavasieh et al., Toward a Physics of Deep Learning and Brains, arXiv:2509.22649',
  url: 'https://arxiv.org/abs/2509.22649',
};

/** Where a run's numbers are from, from its manifest. */
export function provenanceOf(pipeline: Pipeline, manifest: Manifest): Provenance {
  const { seed, crackle, node, platform, kernel, cpu, cores, started, ended, wall_seconds, merged, module } = manifest;
  const seconds =
    wall_seconds > 0 ? wall_seconds : (Date.parse(ended ?? new Date().toISOString()) - Date.parse(started)) / 1000;
  const command =
    merged === undefined
      ? commandOf(pipeline, manifest.parameters, manifest)
      : `${merged.map((run) => `${commandOf(pipeline, manifest.parameters, { ...manifest, seed: run.seed })} --keep-state --out seed-${run.seed}`).join('\n')}\ncrackle merge ${merged.map((run) => `seed-${run.seed}`).join(' ')}`;
  const { partition_sizes: sizes } = manifest;
  return {
    command,
    exact: sizes === undefined || onlySize(sizes) !== undefined,
    facts: [
      ['Seed', merged === undefined ? String(seed) : merged.map((run) => run.seed).join(', ')],
      ['Started', started.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
      ['Took', wall_seconds > 0 ? duration(seconds) : `${duration(seconds)}, until this page was drawn`],
      ['Software', `crackle ${crackle}, node ${node}, kernels ${kernel}`],
      ...(manifest.engines === undefined ? [] : [['Engine', manifest.engines.join(', ')] as const]),
      ['Machine', `${cpu}, ${cores} cores, ${platform}`],
    ],
    ...(module === undefined ? { source: paper } : {}),
  };
}
