/** Refuses to publish a package whose README would lead nowhere: a registry's page takes relative links from the repository's address. */
import { readFileSync } from 'node:fs';

const { repository } = JSON.parse(readFileSync('package.json', 'utf8'));
if (repository === undefined) {
  console.error(
    'package.json names no repository, by which a registry resolves the links of the README: npm pkg set repository=<address>',
  );
  process.exitCode = 1;
}
