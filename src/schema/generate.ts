import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateColumnTypes } from './column-types.ts';
import { packageRoot } from './package-root.ts';

writeFileSync(join(packageRoot, 'src', 'schema', 'columns.ts'), generateColumnTypes());
