import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Node } from 'typescript/unstable/ast';
import {
  isExpressionWithTypeArguments,
  isImportTypeNode,
  isQualifiedName,
  isTypeReferenceNode,
} from 'typescript/unstable/ast/is';
import { API, type Symbol as Named, SymbolFlags } from 'typescript/unstable/sync';
import { describe, expect, it } from 'vitest';
import { root } from '../cli/crackle.ts';
import { temporaryFolder } from '../run/temporary.ts';

const folder = realpathSync(temporaryFolder());

/** The name of the type that stands at a node of a declaration. */
function nameAt(node: Node): Node | undefined {
  if (isTypeReferenceNode(node)) return isQualifiedName(node.typeName) ? node.typeName.right : node.typeName;
  if (isExpressionWithTypeArguments(node)) return node.expression;
  return isImportTypeNode(node) && !node.isTypeOf ? node.qualifier : undefined;
}

/** What a module exports, what of it has no doc comment, and the types below a folder that its declarations name and it doesn't export. */
function faceOf(entry: string, own: string): Record<'exported' | 'undocumented' | 'missing', string[]> {
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = { noEmit: true, skipLibCheck: true, typeRoots: [join(root, 'node_modules/@types')] };
  writeFileSync(
    config,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files: [entry] }),
  );
  const api = new API();
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)!;
    const { checker } = project;
    const real = (one: Named): Named => (one.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one);
    const found = checker.getExportsOfModule(checker.getSymbolAtLocation(project.program.getSourceFile(entry)!)!);
    const exported = new Map(found.map((one) => [real(one).id, one.name]));
    const missing = new Set<string>();
    for (const one of found) {
      const visit = (node: Node): void => {
        const name = nameAt(node);
        const symbol = name && checker.getSymbolAtLocation(name);
        const named = symbol && real(symbol);
        if (named !== undefined && !exported.has(named.id) && !(named.flags & SymbolFlags.TypeParameter)) {
          const file = named.declarations[0]?.resolve(project)?.getSourceFile().fileName ?? '';
          if (file.startsWith(own + sep)) missing.add(`${named.name} of ${relative(own, file)}, by ${one.name}`);
        }
        node.forEachChild(visit);
      };
      for (const declaration of real(one).declarations) visit(declaration.resolve(project)!);
    }
    return {
      exported: [...exported.values()],
      undocumented: found.filter((one) => real(one).getDocumentationComment(checker) === '').map(({ name }) => name),
      missing: [...missing],
    };
  } finally {
    api.close();
  }
}

describe('the public face', () => {
  // Built-in pipelines have addresses of their own, crackle/pipelines/….
  it('exports every type that its declarations name, and says of each what it is', () => {
    const { exported, undocumented, missing } = faceOf(join(root, 'dist/src/index.d.ts'), join(root, 'dist/src'));
    expect(exported).toEqual(expect.arrayContaining(['run', 'fitScaling', 'ScalingFit', 'ExponentsRow']));
    expect({ undocumented, missing }).toEqual({ undocumented: [], missing: [] });
  });

  it('would be found lacking', () => {
    mkdirSync(join(folder, 'small'));
    const write = (name: string, text: string) => writeFileSync(join(folder, 'small', name), text);
    write('index.d.ts', "export { f, type C } from './inner.ts';\nexport type { D as E } from './inner.ts';");
    write(
      'inner.ts',
      `interface A { a: number }
       export interface B extends A { b: number }
       /** A sentence. */
       export type C<T> = T | Readonly<B>;
       /** A sentence. */
       export interface D { d: Map<string, D> }
       export function f(c: C<D>): import('./other.ts').O { throw c; }`,
    );
    write('other.ts', 'export interface O { o: number }');
    expect(faceOf(join(folder, 'small/index.d.ts'), join(folder, 'small'))).toEqual({
      exported: ['f', 'C', 'E'],
      undocumented: ['f'],
      missing: ['O of other.ts, by f', 'B of inner.ts, by C'],
    });
  });
});
