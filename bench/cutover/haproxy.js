import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const program = ['haproxy', '/usr/sbin/haproxy'].find((path) => spawnSync(path, ['-v']).status === 0);

/**
 * HAProxy in front of two servers, blue live; undefined where it is not installed.
 *
 * @returns {Promise<undefined | { origin: string, version: string, switchTo: (color: string) => Promise<void>, stop: () => Promise<void> }>}
 */
export async function startHaproxy(folder, { blue, green }) {
  if (program === undefined) return undefined;
  const port = await freePort();
  const socket = join(folder, 'haproxy.sock');
  const config = join(folder, 'haproxy.cfg');
  await writeFile(config, configuration({ port, socket, blue, green }));
  const child = spawn(program, ['-db', '-f', config], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  await ready(port);
  const tell = (command) => ask(socket, command);
  await tell('set server app/green state drain');
  return {
    origin: `http://127.0.0.1:${port}`,
    version: /version (\S+)/.exec(spawnSync(program, ['-v'], { encoding: 'utf8' }).stdout)?.[1] ?? 'unknown',
    switchTo: async (color) => {
      const other = color === 'blue' ? 'green' : 'blue';
      await tell(`set server app/${color} state ready; set server app/${other} state drain`);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

const configuration = ({ port, socket, blue, green }) => `
global
  stats socket ${socket} mode 600 level admin
  maxconn 4096
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  timeout http-keep-alive 30s
frontend clients
  bind 127.0.0.1:${port}
  default_backend app
backend app
  server blue ${new URL(blue).host}
  server green ${new URL(green).host}
`;

/** One command over the stats socket; resolves when HAProxy has carried it out and closed the connection. */
function ask(path, command) {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.on('error', reject);
    socket.on('close', () =>
      answer.trim() === '' ? resolve() : reject(new Error(`haproxy: ${answer.trim()}`)),
    );
    socket.write(`${command}\n`);
  });
}

async function ready(port) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(50);
  }
  throw new Error('haproxy does not answer');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
