/**
 * The embedded proxy beside HAProxy: throughput with keep-alive connections and with a connection per request (wrk, 64
 * connections), and the time that one hop adds at low load. Both proxies stand in front of the same backend and are
 * measured in turns, so that what else the machine does hits both.
 *
 *     npm run bench -- proxy        node bench/proxy.js
 *
 * The last line is one JSON object; what could not be measured is null, and `skipped` says why.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const host = '127.0.0.1';
const rounds = 5;
const secondsPerRun = 2;
const connections = 64;
/** Requests per second to each, and seconds of one round, at low load. */
const low = { rate: 500, seconds: 2 };
const lowRounds = 7;
const body = 'hello world, this is an answer';
const self = fileURLToPath(import.meta.url);
const execute = promisify(execFile);

const goals = { keepAliveVsHaproxy: '>= 0.75', closeVsHaproxy: '>= 0.55', addedP50VsHaproxy: '<= 1.3' };

/** Runs the whole benchmark, prints the table and gives the figures. */
export async function run() {
  const skipped = {};
  const wrk = await present('wrk', ['-v']);
  const haproxy = await present('haproxy', ['-v']);
  if (!wrk) skipped.rates = 'wrk is not installed';
  if (!haproxy) skipped.anchors = 'haproxy is not installed';
  const folder = await mkdtemp(join(tmpdir(), 'cutover-bench-'));
  const children = [];
  const stop = () => children.map((child) => child.kill('SIGKILL'));
  process.once('SIGINT', () => process.exit(130));
  process.once('exit', stop);
  try {
    const stack = await start({ folder, haproxy, children });
    const rates = wrk ? await measureRates(stack) : {};
    const added = await measureAdded(stack);
    const figures = figuresOf({ rates, added, skipped });
    print({ rates, added, figures });
    return figures;
  } finally {
    stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts the backend, our proxy and HAProxy, each in a process of its own; resolves with their ports. */
async function start({ folder, haproxy, children }) {
  const ports = await freePorts(3);
  const [backend, ours, anchor] = ports;
  const child = (program, args) => {
    const started = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    children.push(started);
  };
  const configured = async (name, text) => {
    const path = join(folder, name);
    await writeFile(path, text);
    child('haproxy', ['-q', '-db', '-f', path]);
  };
  if (haproxy) await configured('backend.cfg', backendConfig(backend));
  else child(process.execPath, [self, 'backend', String(backend)]);
  if (haproxy) await configured('haproxy.cfg', proxyConfig(anchor, backend));
  child(process.execPath, [self, 'proxy', String(ours), String(backend)]);
  const stack = { backend, ours, ...(haproxy ? { haproxy: anchor } : {}) };
  for (const port of Object.values(stack)) await answers(port);
  return stack;
}

const common = `global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s
`;

/** The fastest backend at hand, so that the proxies are what is measured. */
const backendConfig = (port) => `${common}frontend backend
  bind ${host}:${port}
  http-request return status 200 content-type text/plain string "${body}"
`;

/** As close to what ours does as HAProxy can be set: idle backend connections serve the next client at once. */
const proxyConfig = (port, backend) => `${common}frontend proxy
  bind ${host}:${port}
  option forwardfor
  default_backend application
backend application
  http-reuse always
  server one ${host}:${backend}
`;

async function measureRates(stack) {
  const samples = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of ['keepAlive', 'close']) {
      for (const [name, port] of Object.entries(stack)) {
        add(samples, `${kind} ${name}`, await wrkRate(port, kind));
      }
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([key, values]) => [key, summary(values)]));
}

function add(samples, name, value) {
  samples[name] = [...(samples[name] ?? []), value];
}

/** Requests per second; throws when a request failed, because a proxy that loses requests is not fast. */
async function wrkRate(port, kind) {
  const header = kind === 'close' ? ['-H', 'Connection: close'] : [];
  const args = ['-t1', `-c${connections}`, `-d${secondsPerRun}s`, ...header, `http://${host}:${port}/`];
  const { stdout } = await execute('wrk', args);
  const errors = /(?:Socket errors|Non-2xx).*/.exec(stdout);
  if (errors) throw new Error(`wrk on port ${port}, ${kind}: ${errors[0]}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
}

/** Time from sending to the answer at low load, in microseconds; and what each hop added to it, round by round. */
async function measureAdded(stack) {
  const samples = {};
  // A proxy that has been running for a while is what stands in production.
  for (const port of Object.values(stack)) await warmUp(port);
  for (let round = 0; round < lowRounds; round += 1) {
    const medians = await lowLoadMedians(stack);
    for (const [name, median] of Object.entries(medians)) {
      add(samples, name, median);
      if (name !== 'backend') add(samples, `added by ${name}`, median - medians.backend);
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, summary(values)]));
}

async function warmUp(port) {
  const socket = await open(port);
  for (let count = 0; count < 20_000; count += 1) {
    socket.write('GET / HTTP/1.1\r\nHost: bench\r\n\r\n');
    await whole(socket);
  }
  socket.destroy();
}

/** One connection to each, asked in turn, so that a noisy moment hits all alike. */
async function lowLoadMedians(stack) {
  const times = Object.fromEntries(Object.keys(stack).map((name) => [name, []]));
  const sockets = await Promise.all(
    Object.entries(stack).map(async ([name, port]) => ({ name, socket: await open(port) })),
  );
  for (let count = 0; count < low.rate * low.seconds; count += 1) {
    for (let turn = 0; turn < sockets.length; turn += 1) {
      const { name, socket } = sockets[(count + turn) % sockets.length];
      const sent = process.hrtime.bigint();
      socket.write('GET / HTTP/1.1\r\nHost: bench\r\n\r\n');
      await whole(socket);
      // The first ones open the backend connection and warm up.
      if (count >= low.rate / 5) times[name].push(Number(process.hrtime.bigint() - sent) / 1_000);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000 / low.rate));
  }
  for (const { socket } of sockets) socket.destroy();
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, summary(values).median]));
}

async function open(port) {
  const socket = connect({ host, port, noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

function whole(socket) {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (bytes) => {
      text += bytes.toString('latin1');
      if (!text.endsWith(body)) return;
      socket.off('data', take).off('close', lost);
      resolve();
    };
    const lost = () => reject(new Error('the connection was closed before the answer was complete'));
    socket.on('data', take).once('close', lost);
  });
}

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { median: at(0.5), least: sorted[0], most: sorted.at(-1) };
}

function figuresOf({ rates, added, skipped }) {
  return {
    keepAliveRate: rounded(rates['keepAlive ours']?.median, 0),
    closeRate: rounded(rates['close ours']?.median, 0),
    addedP50Us: rounded(added['added by ours'].median, 1),
    keepAliveVsHaproxy: ratio(rates['keepAlive ours']?.median, rates['keepAlive haproxy']?.median),
    closeVsHaproxy: ratio(rates['close ours']?.median, rates['close haproxy']?.median),
    addedP50VsHaproxy: ratio(added['added by ours'].median, added['added by haproxy']?.median),
    ...(Object.keys(skipped).length > 0 ? { skipped } : {}),
  };
}

function print({ rates, added, figures }) {
  const row = (name, { median, least, most }, unit) =>
    console.log(`${name.padEnd(28)} ${fixed(median)} ${unit}   (${fixed(least)} to ${fixed(most)})`);
  for (const [name, values] of Object.entries(rates)) row(name, values, 'requests/s');
  for (const [name, values] of Object.entries(added)) row(`p50 at ${low.rate}/s ${name}`, values, 'us');
  for (const [name, goal] of Object.entries(goals))
    console.log(`${name.padEnd(28)} ${figures[name] ?? 'not measured'} (goal ${goal})`);
  for (const [what, reason] of Object.entries(figures.skipped ?? {}))
    console.log(`skipped ${what}: ${reason}`);
}

const fixed = (value) => value.toFixed(value < 1_000 ? 1 : 0).padStart(8);
const rounded = (value, digits) => (value === undefined ? null : Number(value.toFixed(digits)));
const ratio = (ours, theirs) =>
  ours === undefined || theirs === undefined ? null : rounded(ours / theirs, 3);

async function present(program, args) {
  try {
    await execute(program, args);
    return true;
  } catch (error) {
    return error.code !== 'ENOENT';
  }
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise((resolve) => server.listen(0, host, resolve))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Resolves when somebody listens on the port. */
async function answers(port) {
  for (let attempt = 0; ; attempt += 1) {
    const socket = connect({ host, port });
    const open = await new Promise((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    socket.destroy();
    if (open) return;
    if (attempt === 100) throw new Error(`nothing listens on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The proxy under test, from the sources, in this process. */
async function serveProxy(port, backend) {
  const { createProxy } = await import('../src/targets/local/proxy/proxy.ts');
  const proxy = createProxy({ component: 'bench' });
  proxy.setBackends('blue', [{ id: 'bench/blue-1', host, port: backend, usable: true }]);
  proxy.setLive('blue');
  await proxy.listen({ host, port });
}

/** A backend for machines without HAProxy: answers each read that ends a head. */
function serveBackend(port) {
  const answer = `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.write(answer, 'latin1'));
  }).listen(port, host);
}

if (import.meta.main) {
  const [role, ...ports] = process.argv.slice(2);
  if (role === 'proxy') await serveProxy(...ports.map(Number));
  else if (role === 'backend') serveBackend(...ports.map(Number));
  else console.log(JSON.stringify(await run()));
}
