/** A throw-away authority and certificates for TLS peers, made with openssl. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TlsFiles {
  readonly key: Buffer;
  readonly certificate: Buffer;
  readonly authority: Buffer;
}

/** Writes ca.pem, other-ca.pem, server.key, server.pem under `dir`/tls. */
export function makeCertificates(dir: string): void {
  const tls = join(dir, 'tls');
  mkdirSync(tls, { recursive: true });
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: tls, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  for (const name of ['ca', 'other-ca'])
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-subj',
      `/CN=lab ${name}`,
    );
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=peer.example');
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-out',
    'server.pem',
    '-days',
    '2',
  );
}

export function readCertificates(dir: string): TlsFiles {
  const read = (name: string) => readFileSync(join(dir, 'tls', name));
  return { key: read('server.key'), certificate: read('server.pem'), authority: read('ca.pem') };
}
