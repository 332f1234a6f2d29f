import { expect, it } from 'vitest';
import gaussian from '../../pipelines/gaussian-avalanches.ts';
import { provenanceOf } from '../../src/run/provenance.ts';
import type { Manifest } from '../../src/store/manifest.ts';

it('names the size of partitions, on which bits depend, and claims no more where a command cannot say it', () => {
  const of = (more: Partial<Manifest>) =>
    provenanceOf(gaussian, {
      seed: 3,
      parameters: { widths: [64] },
      record: [],
      started: '2026-01-01',
      ...more,
    } as Manifest);
  expect(of({})).toMatchObject({ exact: true, command: 'crackle run gaussian-avalanches --widths 64 --seed 3' });
  expect(of({ partition_sizes: [10, 10] })).toMatchObject({
    exact: true,
    command: 'crackle run gaussian-avalanches --widths 64 --seed 3 --partition-size 10',
  });
  expect(of({ partition_sizes: [10, 20] })).toMatchObject({
    exact: false,
    command: 'crackle run gaussian-avalanches --widths 64 --seed 3',
  });
});
