import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../schema/package-root.ts';

const require = createRequire(import.meta.url);

/** Path of a file that the build makes. */
export const builtFile = (path: string): string => join(packageRoot, 'dist', path);

/** Path of a file of a package that the build took in. */
export const vendorFile = (name: string): string => builtFile(`vendor/${name}`);

/** A package that the build took in, loaded now. */
export const vendorModule = (name: 'special' | 'tensorflow' | 's3'): unknown => require(vendorFile(`${name}.cjs`));
