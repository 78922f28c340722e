import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemHttp } from '../../../src/platform/http.ts';
import type { Need } from './needs.ts';
import { findProgram, type RunningServer, startOnFreePort, startServer, temporaryFolder } from './process.ts';

export const prometheusServer: Need = {
  program: findProgram('prometheus'),
  name: 'prometheus',
  package: 'prometheus',
};

export interface PrometheusServer extends RunningServer {
  url: string;
}

/** Who may ask a server that was started with `login`; the server wants the hash (bcrypt), which Node cannot make. */
export const prometheusLogin = {
  user: 'scraper',
  password: 'scrape-pass',
  hash: '$2b$05$abcdefghijklmnopqrstuuM4x9BAbd589HLCuuDLlqfFeRU9thoFW',
};

export interface PrometheusOptions {
  /** Places to scrape, five times a second: `127.0.0.1:9100`. */
  targets?: readonly string[];
  /** Default: everybody may ask. */
  login?: typeof prometheusLogin;
}

/** A Prometheus on a free loopback port. */
export function startPrometheus(options: PrometheusOptions = {}): Promise<PrometheusServer> {
  return startOnFreePort((port) => startOn(port, options));
}

async function startOn(port: number, options: PrometheusOptions): Promise<PrometheusServer> {
  const { program, name } = prometheusServer;
  if (program === undefined) throw new Error(`${name} is not installed`);
  const [host, folder] = ['127.0.0.1', temporaryFolder('prometheus')];
  const { targets = [], login } = options;
  const [config, web] = [join(folder, 'prometheus.yml'), join(folder, 'web.yml')];
  writeFileSync(config, JSON.stringify(scraping(targets)));
  writeFileSync(web, login ? JSON.stringify({ basic_auth_users: { [login.user]: login.hash } }) : '');
  const url = `http://${host}:${port}`;
  const files = [`--config.file=${config}`, `--web.config.file=${web}`, `--storage.tsdb.path=${folder}/data`];
  const running = await startServer({
    argv: [program, ...files, `--web.listen-address=${host}:${port}`, '--log.level=warn'],
    folder,
    ready: async () => {
      const { user, password } = prometheusLogin;
      const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
      const { status } = await systemHttp.send({ url: `${url}/-/ready`, headers });
      if (status !== 200) throw new Error(`${status}`);
    },
  });
  return { ...running, url };
}

/** JSON is YAML, too. */
function scraping(targets: readonly string[]): object {
  const job = { job_name: 'app', static_configs: [{ targets }] };
  return { global: { scrape_interval: '200ms', scrape_timeout: '200ms' }, scrape_configs: [job] };
}
