import { spawnSync } from 'node:child_process';
import { chownSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../../../src/smoke/postgres/session.ts';
import type { Certificate } from '../certificate.ts';
import type { Need } from './needs.ts';
import {
  findProgram,
  type RunningServer,
  startOnFreePort,
  startServer,
  temporaryFolder,
  type User,
  unprivilegedUser,
} from './process.ts';

/** Debian keeps the server's programs out of PATH, a folder for each version. */
const places = ((root) => {
  try {
    return readdirSync(root).map((version) => join(root, version, 'bin'));
  } catch {
    return [];
  }
})('/usr/lib/postgresql');

const initdb = findProgram('initdb', places);

export const postgresServer: Need = {
  program: initdb && findProgram('postgres', places),
  name: 'postgres',
  package: 'postgresql',
};

export interface PostgresServer extends RunningServer {
  host: string;
  port: number;
}

export interface PostgresOptions {
  /** Of the user `postgres`. */
  password: string;
  /** Makes the certificate with which it offers TLS, in its folder. */
  certificate?: (folder: string) => Certificate;
}

/** A PostgreSQL on a free loopback port, in a folder of its own. */
export function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  return startOnFreePort((port) => startOn(port, options));
}

async function startOn(port: number, options: PostgresOptions): Promise<PostgresServer> {
  const { program, name } = postgresServer;
  if (program === undefined || initdb === undefined) throw new Error(`${name} is not installed`);
  const { password } = options;
  // It refuses to run as root.
  const user = unprivilegedUser('postgres', 'nobody');
  const folder = temporaryFolder('postgres', user);
  const data = initialize(initdb, { folder, user, password });
  const certificate = options.certificate?.(folder);
  for (const file of certificate ? [certificate.certificateFile, certificate.keyFile] : []) {
    if (user) chownSync(file, user.uid, user.gid);
  }
  const host = '127.0.0.1';
  const server = { host, port, user: 'postgres', password, database: undefined, tls: false };
  const running = await startServer({
    argv: [program, '-D', data, ...settings({ host, port, certificate })],
    folder,
    user,
    // Ended harder it would leave its shared memory in the system.
    endWith: 'SIGQUIT',
    ready: () => {
      const signal = AbortSignal.timeout(5_000);
      return ask(server, { text: 'select 1', access: 'read-only', timeoutMs: 5_000, ca: undefined, signal });
    },
  });
  return { ...running, host, port };
}

function settings(server: { host: string; port: number; certificate: Certificate | undefined }): string[] {
  const { host, port, certificate } = server;
  const tls = certificate
    ? ['ssl=on', `ssl_cert_file=${certificate.certificateFile}`, `ssl_key_file=${certificate.keyFile}`]
    : [];
  const all = [
    `listen_addresses=${host}`,
    `port=${port}`,
    'unix_socket_directories=',
    'fsync=off',
    'shared_buffers=16MB',
    ...tls,
  ];
  return all.flatMap((setting) => ['-c', setting]);
}

function initialize(
  program: string,
  { folder, user, password }: { folder: string; user: User | undefined; password: string },
): string {
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')];
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const whom = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const how = ['--no-sync', '--no-locale', '--encoding=UTF8'];
  const { status, stderr } = spawnSync(program, ['-D', data, ...whom, ...how], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC' },
    ...(user ?? {}),
  });
  if (status !== 0) throw new Error(`initdb: ${stderr}`);
  return data;
}
