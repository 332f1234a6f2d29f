import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { root } from '../cli/crackle.ts';

const manifest = readFileSync(join(root, 'docs/clusters/kubernetes.yaml'), 'utf8');

// Inside the project, from where the types are found.
mkdirSync(join(root, 'output'), { recursive: true });
const folder = mkdtempSync(join(root, 'output/kubernetes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong with the documents of a manifest: as YAML, or by the types of Kubernetes' API, to which names that it doesn't know are errors. */
function faults(text: string): string[] {
  const documents = parseAllDocuments(text);
  const errors = documents.flatMap((document) => document.errors.map(({ message }) => message));
  if (errors.length > 0) return errors;
  const lines = documents.map((document, i) => {
    const { apiVersion, kind } = document.toJS() as { apiVersion: string; kind: string };
    const module = `kubernetes-types/${apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`}`;
    return `import type { ${kind} as Kind${i} } from '${module}';\nexport const document${i}: Kind${i} = ${JSON.stringify(document.toJS())};`;
  });
  writeFileSync(join(folder, 'manifest.ts'), lines.join('\n'));
  const options =
    '--noEmit --strict --ignoreConfig --types node --module esnext --moduleResolution bundler --skipLibCheck';
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), ...options.split(' '), join(folder, 'manifest.ts')],
    { encoding: 'utf8', cwd: root },
  );
  return `${stdout}${stderr}`.split('\n').filter((line) => line.includes('error'));
}

it('is a manifest of Kubernetes: no name or type that its API doesn’t have, every document whole by itself', () => {
  expect(faults(manifest)).toEqual([]);
  expect(faults(manifest.replace('backoffLimit: 100', 'backofLimit: 100'))).toEqual([
    expect.stringContaining('backofLimit'),
  ]);
  expect(faults(manifest.replace('containerPort: 6379', 'containerPort: six'))).toEqual([
    expect.stringContaining("'string' is not assignable to type 'number'"),
  ]);
  expect(faults(manifest.replace('volumes:\n', 'volumes: *elsewhere\n')).length).toBeGreaterThan(0);
});

interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly resources: { readonly limits: { readonly memory: string } };
}

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly completionMode?: string;
    readonly backoffLimitPerIndex?: number;
    readonly podFailurePolicy?: {
      readonly rules: readonly { action: string; onExitCodes?: Record<string, unknown> }[];
    };
    readonly template?: {
      readonly spec: {
        readonly restartPolicy?: string;
        readonly initContainers?: readonly { readonly command: readonly string[] }[];
        readonly containers: readonly Container[];
      };
    };
  };
}

/** Bytes of a quantity of Kubernetes, or of Redis, both in powers of 1024. */
const bytesOf = (size: string): number =>
  Number.parseFloat(size) * 1024 ** (['k', 'm', 'g'].indexOf(size.replace(/[\d.]/g, '')[0]!.toLowerCase()) + 1);

it('what has something to fix isn’t tried again, and a full queue says so before its container is killed', () => {
  const resources = parseAllDocuments(manifest).map((document) => document.toJS() as Resource);
  const named = (name: string): Resource['spec'] =>
    resources.find(({ kind, metadata }) => kind !== 'Service' && metadata.name === name)!.spec;
  const ends = { driver: ['crackle-driver', 'FailJob'], worker: ['crackle-workers', 'FailIndex'] } as const;
  for (const [containerName, [job, action]] of Object.entries(ends)) {
    const { podFailurePolicy, template } = named(job);
    // Kubernetes has a policy for pods alone that are never restarted.
    expect(template?.spec.restartPolicy).toBe('Never');
    expect(template?.spec.containers.map(({ name }) => name)).toEqual([containerName]);
    expect(podFailurePolicy?.rules[0]).toEqual({ action, onExitCodes: { containerName, operator: 'In', values: [2] } });
    // A queue that isn't there yet ends with 2, too: it is waited for before, and where it goes away just then.
    expect(JSON.stringify(template?.spec.containers[0])).toMatch(/--connect-timeout(","| )10m/);
    expect(template?.spec.initContainers?.[0]?.command.join(' ')).toContain('ping');
  }
  // One index fails alone only where each has tries of its own.
  const { completionMode, backoffLimitPerIndex } = named('crackle-workers');
  expect([completionMode, backoffLimitPerIndex]).toEqual(['Indexed', 1000]);
  const { args = [], resources: given } = named('crackle-queue').template!.spec.containers[0]!;
  expect(args[args.indexOf('--maxmemory-policy') + 1]).toBe('noeviction');
  expect(bytesOf(args[args.indexOf('--maxmemory') + 1]!)).toBeLessThan(0.8 * bytesOf(given.limits.memory));
});
