import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Need } from './servers/needs.ts';
import { findProgram } from './servers/process.ts';

export const openssl: Need = { program: findProgram('openssl'), name: 'openssl', package: 'openssl' };

/** A certificate that signs itself, so that it is its own authority. */
export interface Certificate {
  certificateFile: string;
  keyFile: string;
  pem: string;
}

/** Makes a certificate for names and addresses (`DNS:localhost`, `IP:127.0.0.1`), good for a day, in a folder. */
export function makeCertificate(folder: string, names = ['IP:127.0.0.1', 'DNS:localhost']): Certificate {
  const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const what = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '1',
  ];
  const whom = ['-subj', '/CN=cutover test', '-addext', `subjectAltName=${names.join(',')}`];
  runOpenssl([...what, ...whom, '-keyout', keyFile, '-out', certificateFile]);
  chmodSync(keyFile, 0o600);
  return { certificateFile, keyFile, pem: readFileSync(certificateFile, 'utf8') };
}

/** The same certificate again, but it ended yesterday. */
export function expiredLike({ certificateFile, keyFile }: Certificate): Certificate {
  const expiredFile = `${certificateFile}.expired`;
  runOpenssl(['x509', '-in', certificateFile, '-signkey', keyFile, '-days', '-1', '-out', expiredFile]);
  return { certificateFile: expiredFile, keyFile, pem: readFileSync(expiredFile, 'utf8') };
}

function runOpenssl(args: readonly string[]): void {
  const { status, stderr } = spawnSync(openssl.program ?? 'openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
}
