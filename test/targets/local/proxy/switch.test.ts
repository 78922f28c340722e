import { Agent, request } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { frame } from './frames.ts';
import { closeAll, eventually, httpBackend, pause, proxyTo, RawClient } from './support.ts';

afterEach(closeAll);

async function application(color: string): Promise<number> {
  const { port, server } = await httpBackend((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    incoming.on('end', () => {
      const answer = `${color} ${incoming.url} ${body}`;
      // Some answers take their time, so that switches meet requests in flight.
      if (body.endsWith('0')) setTimeout(() => response.end(answer), 3);
      else response.end(answer);
    });
  });
  server.on('upgrade', (_request, socket: Socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => socket.write(frame(2, bytes)));
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
  });
  return port;
}

function ask(port: number, options: { agent: Agent | false; method: string; path: string; body: string }) {
  return new Promise<string>((resolve, reject) => {
    const { agent, method, path, body } = options;
    const outgoing = request({ host: '127.0.0.1', port, agent, method, path }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      incoming.on('error', reject);
      incoming.on('end', () => {
        const color = /^(?:blue|green) /.exec(text)?.[0];
        if (incoming.statusCode !== 200 || text !== `${color}${path} ${body}`)
          reject(new Error(`${method} ${path}: ${incoming.statusCode} ${text}`));
        else resolve(text.split(' ', 1)[0] ?? '');
      });
    });
    outgoing.on('error', reject);
    outgoing.end(method === 'POST' ? body : undefined);
  });
}

test('switching under load loses no request and no WebSocket', async () => {
  const { proxy, port } = await proxyTo([await application('blue'), await application('blue')], {
    green: [await application('green')],
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 24 });
  const failures: string[] = [];
  const colors: Record<string, number> = {};
  let going = true;
  const worker = async (which: { agent: Agent | false; method: string; name: string }) => {
    for (let count = 0; going; count += 1) {
      const body = which.method === 'POST' ? `order-${which.name}-${count}` : '';
      try {
        const color = await ask(port, { ...which, path: `/${which.name}/${count}`, body });
        colors[color] = (colors[color] ?? 0) + 1;
      } catch (error) {
        failures.push(String(error));
      }
    }
  };
  const sockets = Array.from({ length: 5 }, () =>
    new RawClient(port).send(
      'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    ),
  );
  const workers = Array.from({ length: 32 }, (_, index) =>
    worker({
      agent: index % 4 === 3 ? false : agent,
      method: index % 2 === 0 ? 'POST' : 'GET',
      name: String(index),
    }),
  );
  for (const socket of sockets) await socket.until('101');
  for (let flip = 0; flip < 40; flip += 1) {
    await pause(40);
    const wanted = flip % 2 === 0 ? 'green' : 'blue';
    proxy.setLive(wanted);
    // The next request that is sent after the flip is answered by the new colour.
    expect(await ask(port, { agent, method: 'GET', path: '/after', body: '' })).toBe(wanted);
  }
  going = false;
  await Promise.all(workers);
  for (const [index, socket] of sockets.entries()) socket.send(`still open ${index}`);
  for (const [index, socket] of sockets.entries()) await socket.until(`still open ${index}`);
  agent.destroy();
  expect(failures).toEqual([]);
  expect(colors['blue']).toBeGreaterThan(100);
  expect(colors['green']).toBeGreaterThan(100);
  await eventually(() => proxy.traffic().blue.inFlight + proxy.traffic().green.inFlight === 0);
  expect(proxy.traffic()).toMatchObject({ blue: { upgraded: 5 }, green: { upgraded: 0 } });
});
