import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('../../examples/trading/services/gateway/server.js', import.meta.url));

/** The parts of the sample, which is plain JavaScript, with the types that the tests rely on. */
export async function sampleModule<T>(name: string): Promise<T> {
  return (await import(
    new URL(`../../examples/trading/services/gateway/${name}`, import.meta.url).href
  )) as T;
}

export interface Gateway {
  port: number;
  url: string;
  process: ChildProcess;
  /** Resolves with `[code, signal]`. */
  exited: Promise<unknown[]>;
}

const running = new Set<ChildProcess>();
const folders = new Set<string>();

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-gateway-'));
  folders.add(folder);
  return folder;
}

/** Starts the sample as a process of its own; resolves when it listens, rejects when it ends before. */
export async function startGateway(
  data: string,
  env: Record<string, string> = {},
  program: string = server,
): Promise<Gateway> {
  const child = spawn(process.execPath, [program], {
    env: { PORT: '0', HOST: '127.0.0.1', CUTOVER_DATA: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const exited = once(child, 'exit');
  void exited.then(() => running.delete(child));
  const port = await Promise.race([listeningPort(child), exited.then(([code]) => exitedEarly(code))]);
  return { port, url: `http://127.0.0.1:${port}`, process: child, exited };
}

function listeningPort(child: ChildProcess): Promise<number> {
  let output = '';
  return new Promise((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const port = /listens on http:\/\/[^:]+:(\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

function exitedEarly(code: unknown): never {
  throw new Error(`the gateway exited with ${code} before it listened`);
}

/** Ends what a test left running and removes its folders. */
export async function cleanUp(): Promise<void> {
  const children = [...running];
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
  await Promise.all([...folders].map((folder) => rm(folder, { recursive: true, force: true })));
  folders.clear();
}

export const anOrder = { symbol: 'ACME', side: 'buy', quantity: 1, price: 101.5 };

export function postOrder(gateway: Gateway, order: object = anOrder): Promise<Response> {
  return fetch(`${gateway.url}/orders`, { method: 'POST', body: JSON.stringify(order) });
}
