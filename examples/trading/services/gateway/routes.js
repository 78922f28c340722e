const largestBody = 16 * 1024;
const largestPage = 1_000;

class RequestError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * The HTTP interface: method and pattern → handler. A handler returns `{ status, body }`, body being an object (sent as
 * JSON) or a string.
 */
export function routesOf({ release, desk, reader, metrics, fault, state, now }) {
  return {
    'GET /health': () => ({ status: 200, body: { status: 'live' } }),
    'GET /ready': () =>
      state.isReady()
        ? { status: 200, body: { status: 'ready' } }
        : { status: 503, body: { status: 'not ready' } },
    'GET /version': () => ({ status: 200, body: { version: release.version } }),
    'GET /time': () => ({ status: 200, body: { now: now() } }),
    'GET /metrics': () => ({
      status: 200,
      body: metrics.print(),
      type: 'text/plain; version=0.0.4; charset=utf-8',
    }),
    'POST /orders': async ({ request }) => {
      const order = await readJson(request);
      return (await fault()) ?? desk.place(order);
    },
    'GET /orders': async ({ url }) => {
      const from = wholeNumber(url.searchParams.get('from') ?? '1', 'from');
      const limit = wholeNumber(url.searchParams.get('limit') ?? '100', 'limit');
      const page = { from, limit: Math.min(limit, largestPage) };
      const symbol = url.searchParams.get('symbol');
      const orders = symbol ? await newestOf(symbol, reader, page) : await reader.list(from, page.limit);
      return { status: 200, body: { orders } };
    },
    'GET /orders/:sequence': async ({ url }) => {
      const sequence = wholeNumber(url.pathname.slice('/orders/'.length), 'sequence');
      const order = await reader.find(sequence);
      return order
        ? { status: 200, body: order }
        : { status: 404, body: { error: `there is no order ${sequence}` } };
    },
  };
}

/** The newest orders of one symbol, oldest first. All orders are read for it, a page at a time. */
async function newestOf(symbol, reader, { from, limit }) {
  const found = [];
  for (let next = from; ; ) {
    const page = await reader.list(next, largestPage);
    found.push(...page.filter((order) => order.symbol === symbol));
    found.splice(0, Math.max(0, found.length - limit));
    if (page.length === 0) return found;
    next = page.at(-1).sequence + 1;
  }
}

/** A listener for `http.createServer`. `onAnswer` hears of each answered request. */
export function listenerOf({ routes, headers, onAnswer, isStopping }) {
  return async (request, response) => {
    const started = performance.now();
    const url = urlOf(request);
    const route = patternOf(url.pathname);
    const answer = await answerOf({ handler: routes[`${request.method} ${route}`], request, url });
    // Clients of a process that is on its way out are sent to open their next connection elsewhere.
    if (isStopping()) response.setHeader('connection', 'close');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    send(response, answer);
    onAnswer({
      method: request.method,
      route,
      status: answer.status,
      seconds: (performance.now() - started) / 1_000,
    });
  };
}

/** What was asked for; a path that is no URL leads where there is no route. */
export function urlOf(request) {
  const base = 'http://gateway';
  return URL.canParse(request.url, base) ? new URL(request.url, base) : new URL('/invalid', base);
}

function patternOf(path) {
  if (/^\/orders\/[^/]+$/.test(path)) return '/orders/:sequence';
  return ['/health', '/ready', '/version', '/time', '/metrics', '/orders', '/ticks'].includes(path)
    ? path
    : 'other';
}

async function answerOf({ handler, request, url }) {
  try {
    if (handler) return await handler({ request, url });
    if (url.pathname === '/ticks') return { status: 426, body: { error: 'open a WebSocket here' } };
    return { status: 404, body: { error: `there is no ${request.method} ${url.pathname}` } };
  } catch (error) {
    if (error instanceof RequestError) return { status: error.status, body: { error: error.message } };
    // A client that went away while it was sending its order hears no answer either.
    if (error.code !== 'ECONNRESET') console.error(error);
    return { status: 500, body: { error: 'internal error' } };
  }
}

function send(response, { status, body, type = 'application/json' }) {
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(content) });
  response.end(content);
}

async function readJson(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largestBody) throw new RequestError(413, `a body ends at ${largestBody} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new RequestError(400, 'the body is not JSON');
  }
}

function wholeNumber(given, name) {
  const value = Number(given);
  if (!/^\d{1,15}$/.test(given) || value < 1)
    throw new RequestError(400, `${name} must be a whole number from 1`);
  return value;
}
