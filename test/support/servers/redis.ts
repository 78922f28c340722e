import { openSession } from '../../../src/smoke/redis/session.ts';
import type { Certificate } from '../certificate.ts';
import type { Need } from './needs.ts';
import { findProgram, type RunningServer, startOnFreePort, startServer, temporaryFolder } from './process.ts';

export const redisServer: Need = {
  program: findProgram('redis-server'),
  name: 'redis-server',
  package: 'redis-server',
};

export interface RedisOptions {
  password?: string;
  /** More lines of redis.conf. */
  config?: readonly string[];
  /** Speaks TLS only. */
  certificate?: Certificate;
}

export interface RedisServer extends RunningServer {
  host: string;
  port: number;
}

/** A Redis on a free loopback port that keeps nothing. */
export function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  return startOnFreePort((port) => startOn(port, options));
}

async function startOn(port: number, options: RedisOptions): Promise<RedisServer> {
  const { program, name } = redisServer;
  if (program === undefined) throw new Error(`${name} is not installed`);
  const [host, folder] = ['127.0.0.1', temporaryFolder('redis')];
  const { password, certificate } = options;
  const server = {
    host,
    port,
    user: undefined,
    password,
    database: undefined,
    tls: certificate !== undefined,
  };
  const running = await startServer({
    // The configuration comes through standard input, so that no password stands in argv.
    argv: [program, '-'],
    input: configuration({ ...options, host, port, folder }),
    folder,
    ready: async () => {
      const signal = AbortSignal.timeout(2_000);
      const session = await openSession(server, { ca: certificate?.pem, signal });
      session.close();
    },
  });
  return { ...running, host, port };
}

function configuration(options: RedisOptions & { host: string; port: number; folder: string }): string {
  const { host, port, folder, password, certificate, config = [] } = options;
  const tls = [
    'port 0',
    `tls-port ${port}`,
    `tls-cert-file ${certificate?.certificateFile}`,
    `tls-key-file ${certificate?.keyFile}`,
    'tls-auth-clients no',
  ];
  return [
    `bind ${host}`,
    ...(certificate ? tls : [`port ${port}`]),
    `dir ${folder}`,
    'save ""',
    'appendonly no',
    ...(password === undefined ? [] : [`requirepass ${password}`]),
    ...config,
    '',
  ].join('\n');
}
