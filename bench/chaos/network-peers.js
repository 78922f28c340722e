/** What bench/chaos/network.js measures, each in a process of its own: `backend` and `proxy`. Ends with its parent. */
import { createServer } from 'node:http';

const host = '127.0.0.1';
const chunk = Buffer.alloc(64 * 1024, 'x');

/** `GET /` a short answer; `GET /endless` as much as is taken; `POST` takes everything, and never answers. */
function serveBackend() {
  const server = createServer((request, response) => {
    request.on('error', () => {});
    if (request.method === 'POST') take(request);
    else if (request.url === '/endless') pour(response);
    else response.end('ok');
  });
  // A connection that is closed by the server while it is idle would count as a failure of the fault.
  server.keepAliveTimeout = 60_000;
  process.on('message', () => process.send({ bytes, atMs: performance.now() }));
  server.listen(0, host, () => process.send(server.address().port));
}

let bytes = 0;

function take(request) {
  request.on('data', (part) => {
    bytes += part.length;
  });
}

function pour(response) {
  while (!response.destroyed && response.write(chunk));
  if (!response.destroyed) response.once('drain', () => pour(response));
}

async function serveProxy(backend) {
  const { createProxy } = await import('../../src/targets/local/proxy/proxy.ts');
  const proxy = createProxy({ component: 'bench' });
  proxy.setBackends('blue', [{ id: 'bench/blue-1', host, port: backend, usable: true }]);
  proxy.setLive('blue');
  let used = process.cpuUsage();
  process.on('message', ({ effects }) => {
    proxy.setFaults(
      'blue',
      effects.map((effect) => ({ id: effect.effect, instances: 'all', effect })),
    );
    const { user, system } = process.cpuUsage(used);
    used = process.cpuUsage();
    // The CPU time since the faults were set last.
    process.send({ cpuMs: (user + system) / 1_000 });
  });
  const { port } = await proxy.listen({ host, port: 0 });
  process.send(port);
}

process.on('disconnect', () => process.exit());
const [role, port] = process.argv.slice(2);
if (role === 'backend') serveBackend();
else await serveProxy(Number(port));
