import { createServer } from 'node:http';
import { join } from 'node:path';
import { orderFault } from './faults.js';
import { Metrics } from './metrics.js';
import { OrderReader } from './order-files.js';
import { OrderLog } from './order-log.js';
import { OrderDesk } from './orders.js';
import { readRelease } from './release.js';
import { listenerOf, routesOf, urlOf } from './routes.js';
import { TickStream } from './ticks.js';
import { refuse } from './websocket.js';

/**
 * An order gateway: takes orders over HTTP, writes each durably before it acknowledges it, and streams ticks over
 * WebSockets. Environment: PORT, HOST, CUTOVER_DATA (folder of the order log), CUTOVER_VERSION or VERSION, FAULT,
 * CUTOVER_CLOCK_OFFSET_MS (milliseconds by which /time is wrong).
 */

const stopWithinMs = 10_000;

const release = readRelease();
if (release.fault === 'crash-at-start') {
  console.error('gateway: this release crashes at its start, on purpose');
  process.exit(1);
}

const folder = process.env.CUTOVER_DATA || join(process.cwd(), 'data');
const headers = { 'x-version': release.version };
const ticks = new TickStream(release.version);
const metrics = new Metrics(release, { clients: () => ticks.clients });
const log = new OrderLog({ folder, onSync: (seconds, orders) => metrics.synced(seconds, orders) });
await log.open();

let stopping;
const isStopping = () => stopping !== undefined;
const routes = routesOf({
  release,
  desk: new OrderDesk(log),
  reader: new OrderReader(folder),
  metrics,
  fault: orderFault(release.fault),
  // For rehearsals of a clock that is wrong; whoever makes the process's whole clock wrong removes the variable.
  now: () => Date.now() + Number(process.env.CUTOVER_CLOCK_OFFSET_MS || 0),
  state: { isReady: () => !isStopping() && release.fault !== 'never-ready' },
});

const server = createServer(
  listenerOf({ routes, headers, isStopping, onAnswer: (answer) => metrics.answered(answer) }),
);
// Longer than the proxy in front keeps a connection for its next request, so that it is the proxy who closes.
server.keepAliveTimeout = 75_000;
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => socket.destroy());
  if (urlOf(request).pathname !== '/ticks') refuse(socket, '404 Not Found', headers);
  else if (isStopping()) refuse(socket, '503 Service Unavailable', headers);
  else ticks.connect(request, socket, head, headers);
});
server.listen(Number(process.env.PORT || 8000), process.env.HOST || '127.0.0.1', () => {
  const { address, port } = server.address();
  console.log(`gateway ${release.version} listens on http://${address}:${port}, orders in ${folder}`);
});
server.on('error', (error) => {
  console.error(`gateway: ${error.message}`);
  process.exit(1);
});

/** Takes no new connections, answers what is under way, closes the WebSockets with 1001, flushes the log. */
async function stop(signal) {
  console.log(`gateway ${release.version} stops on ${signal}`);
  setTimeout(() => {
    console.error(`gateway: not stopped within ${stopWithinMs / 1_000} s, giving up`);
    process.exit(1);
  }, stopWithinMs).unref();
  const closed = new Promise((resolve) => server.close(resolve));
  await ticks.close();
  await closed;
  await log.close();
  console.log(`gateway ${release.version} has stopped`);
}

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    stopping ??= stop(signal);
  });
}
