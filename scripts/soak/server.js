/**
 * A small order service that can be told to be bad, in the ways in which a release can: `POST /mode` sets how. The mode and
 * the orders are kept in CUTOVER_DATA, so that they outlive the process.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const data = process.env.CUTOVER_DATA ?? '.';
const modeFile = join(data, 'mode');
const ordersFile = join(data, 'orders');
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
let mode = read(modeFile).trim() || 'good';
// A release that cannot be started again, and one that needs too long for it.
if (mode === 'stays-down') process.exit(1);
let readyAt = performance.now() + (mode === 'slow-start' ? 6_000 : 0);

const bodyOf = async (request) => {
  let text = '';
  for await (const part of request) text += part;
  return text;
};

const routes = {
  'GET /health': () => ({ status: performance.now() >= readyAt ? 200 : 503, body: 'ok' }),
  'GET /version': () => ({
    status: 200,
    body: mode === 'wrong-version' ? 'v0' : process.env.CUTOVER_VERSION,
  }),
  'GET /work': async () => {
    if (mode === 'slow') await new Promise((resolve) => setTimeout(resolve, 700));
    return { status: mode === 'errors' && Math.random() < 0.2 ? 500 : 200, body: 'done' };
  },
  'POST /orders': async (request) => {
    const { id } = JSON.parse(await bodyOf(request));
    // The worst of all: acknowledged, and not written.
    const times = mode === 'loses' && id % 7 === 0 ? 0 : mode === 'doubles' && id % 7 === 0 ? 2 : 1;
    appendFileSync(ordersFile, `${id}\n`.repeat(times));
    return { status: 201, body: '{}' };
  },
  'GET /orders': () => ({
    status: 200,
    body: JSON.stringify(read(ordersFile).split('\n').filter(Boolean).map(Number)),
  }),
  'POST /mode': async (request) => {
    mode = await bodyOf(request);
    writeFileSync(modeFile, mode);
    writeFileSync(ordersFile, '');
    readyAt = 0;
    return { status: 200, body: mode };
  },
};

const server = createServer(async (request, response) => {
  const handler = routes[`${request.method} ${request.url.split('?')[0]}`];
  const { status, body } = handler ? await handler(request) : { status: 404, body: 'no' };
  response.writeHead(status, {
    'content-type': 'text/plain',
    'x-version': process.env.CUTOVER_VERSION ?? '',
  });
  response.end(body);
});
server.listen(Number(process.env.PORT), process.env.HOST);
