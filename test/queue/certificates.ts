import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of an authority of one's own, and of a server at 127.0.0.1 that it vouches for. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes them with openssl; undefined where that isn't there. */
export function makeCertificates(folder: string): Certificates | undefined {
  const at = (name: string): string => join(folder, name);
  const openssl = (words: string): void =>
    void execFileSync('openssl', words.split(' '), { cwd: folder, stdio: 'ignore' });
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  writeFileSync(at('server.ext'), 'subjectAltName=IP:127.0.0.1\n');
  try {
    openssl(`req -x509 ${newKey} -keyout ca.key -out ca.crt -days 2 -subj /CN=authority`);
    openssl(`req ${newKey} -keyout server.key -out server.csr -subj /CN=queue`);
    openssl(
      'x509 -req -in server.csr -CA ca.crt -CAkey ca.key -set_serial 1 -days 2 -extfile server.ext -out server.crt',
    );
  } catch {
    return undefined;
  }
  return { authority: at('ca.crt'), certificate: at('server.crt'), key: at('server.key') };
}
