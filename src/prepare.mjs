/**
 * Builds where there is no build: what installs from git needs. A checkout that has one is not built again with every install, and one
 * without its development packages can't be.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('dist/src/index.js')) process.exit();
if (existsSync('node_modules/assemblyscript'))
  execFileSync('npm', ['run', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
else console.log('crackle is not built: `npm install && npm run build`, with development packages');
