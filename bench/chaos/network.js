/**
 * How exact the network faults of the embedded proxy are: injected latency at 1 and 64 connections, bandwidth, and the
 * share of requests that is answered with an error. The proxy and the backend are processes of their own; runs with and
 * without the fault alternate, so that what else the machine does hits both.
 */
import { fork } from 'node:child_process';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { median } from '../support/figures.js';

const host = '127.0.0.1';
const peers = fileURLToPath(new URL('network-peers.js', import.meta.url));
const rounds = Number(process.env.BENCH_RUNS || 3);

/** Connections, what is asked, and for how long it is measured. */
const latencies = [
  { connections: 1, delayMs: 10, seconds: 10 },
  { connections: 64, delayMs: 50, seconds: 5 },
];
const bandwidths = [
  { direction: 'answers', connections: 1, bytesPerSecond: 2_000_000 },
  { direction: 'answers', connections: 16, bytesPerSecond: 2_000_000 },
  { direction: 'answers', connections: 1, bytesPerSecond: 50_000 },
  { direction: 'requests', connections: 4, bytesPerSecond: 2_000_000 },
];
const bandwidthSeconds = 3;
const errors = { share: 0.1, requests: 8_000, connections: 16 };

/**
 * Figures, milliseconds and per cent. `excess` is what a percentile of the round trip with the fault lies above what was
 * asked, so it holds the round trip itself too; `added` leaves that out: it is above the same percentile without the fault.
 */
export async function measureNetwork() {
  const backend = await started(['backend']);
  const proxy = await started(['proxy', String(backend.port)]);
  try {
    const latency = [];
    for (const one of latencies) latency.push(await measureLatency(proxy, one));
    const bandwidth = [];
    for (const one of bandwidths) bandwidth.push(await measureBandwidth({ proxy, backend }, one));
    return { latency, bandwidth, httpError: await measureErrors(proxy) };
  } finally {
    proxy.child.disconnect();
    backend.child.disconnect();
  }
}

async function started(args) {
  const child = fork(peers, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return { child, port: await answer(child) };
}

/** The next message of a child. */
function answer(child) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`a peer ended with ${code}`));
    child.once('exit', ended).once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

/** Replaces the faults; resolves with the CPU time that the proxy has used since the last time, in milliseconds. */
async function set(proxy, effects) {
  const answered = answer(proxy.child);
  proxy.child.send({ effects });
  return (await answered).cpuMs;
}

async function measureLatency(proxy, asked) {
  const { connections, delayMs } = asked;
  const effect = { effect: 'latency', delayMs, jitterMs: 0, distribution: 'uniform', share: 1 };
  const seen = [];
  // The first one warms up.
  await trip(proxy, { ...asked, seconds: 1 });
  for (let round = 0; round < rounds; round += 1) {
    await set(proxy, []);
    const without = await trip(proxy, asked);
    await set(proxy, [effect]);
    const withFault = await trip(proxy, asked);
    const cpuMs = await set(proxy, []);
    seen.push({
      excessP50: withFault.p50 - delayMs,
      excessP99: withFault.p99 - delayMs,
      addedP50: withFault.p50 - without.p50 - delayMs,
      addedP99: withFault.p99 - without.p99 - delayMs,
      withoutP99: without.p99,
      roundTrips: withFault.count,
      cpuPct: cpuMs / (asked.seconds * 10),
    });
  }
  const figures = Object.keys(seen[0]).map((name) => [name, rounded(median(seen.map((one) => one[name])))]);
  return { connections, delayMs, ...Object.fromEntries(figures) };
}

const question = 'GET / HTTP/1.1\r\nhost: bench\r\n\r\n';

/**
 * Round trips on kept connections, in milliseconds from the write to the last byte of the answer's head. Each connection asks
 * again a moment after its answer, so that nothing in the client waits for a timer while a round trip is measured: an open
 * loop would need a core of its own to keep its times, and there are only two.
 */
async function trip(proxy, { connections, seconds }) {
  const until = performance.now() + seconds * 1_000;
  const trips = [];
  await Promise.all(Array.from({ length: connections }, () => askUntil(proxy.port, { until, trips })));
  const sorted = trips.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.ceil(share * sorted.length) - 1];
  return { p50: at(0.5), p99: at(0.99), count: sorted.length };
}

function askUntil(port, { until, trips }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    let sentAt = 0;
    const ask = () => {
      if (performance.now() >= until) return socket.destroy();
      sentAt = performance.now();
      socket.write(question);
    };
    socket.on('connect', ask).on('error', reject).on('close', resolve);
    socket.on('data', () => {
      trips.push(performance.now() - sentAt);
      // Not all at once: 64 connections in step would wait for each other.
      setTimeout(ask, 5 + Math.random() * 10);
    });
  });
}

async function measureBandwidth({ proxy, backend }, asked) {
  const { direction, connections, bytesPerSecond } = asked;
  await set(proxy, [{ effect: 'bandwidth', bytesPerSecond, direction }]);
  const sockets = Array.from({ length: connections }, () => connect({ host, port: proxy.port }));
  for (const socket of sockets) socket.on('error', () => {});
  const received = direction === 'answers' ? downloaded(sockets) : uploaded(sockets, backend);
  // Until what the buffers on the way take in at once is full.
  await pause(1_000);
  const before = await received();
  await pause(bandwidthSeconds * 1_000);
  const after = await received();
  for (const socket of sockets) socket.destroy();
  await set(proxy, []);
  const measured = ((after.bytes - before.bytes) / (after.atMs - before.atMs)) * 1_000;
  return {
    ...asked,
    measured: Math.round(measured),
    errorPct: rounded((measured / bytesPerSecond - 1) * 100),
  };
}

/** Starts endless answers; tells what has arrived at the clients. */
function downloaded(sockets) {
  let bytes = 0;
  for (const socket of sockets) {
    socket.on('data', (part) => {
      bytes += part.length;
    });
    socket.write('GET /endless HTTP/1.1\r\nHost: bench\r\n\r\n');
  }
  return async () => ({ bytes, atMs: performance.now() });
}

/** Starts uploads that do not end; tells what has arrived at the backend. */
function uploaded(sockets, backend) {
  const part = Buffer.alloc(64 * 1024, 'x');
  for (const socket of sockets) {
    socket.write('POST / HTTP/1.1\r\nHost: bench\r\nContent-Length: 1000000000\r\n\r\n');
    const more = () => {
      while (!socket.destroyed && socket.write(part));
    };
    socket.on('drain', more);
    more();
  }
  return () => {
    const told = answer(backend.child);
    backend.child.send('received');
    return told;
  };
}

/** Requests one after the other on each connection, every one of which is answered. */
async function measureErrors(proxy) {
  const { share, requests, connections } = errors;
  await set(proxy, [{ effect: 'http-error', status: 503, body: 'bench', share }]);
  const each = Array.from({ length: connections }, () => failures(proxy.port, requests / connections));
  const failed = (await Promise.all(each)).reduce((sum, one) => sum + one, 0);
  await set(proxy, []);
  const measured = failed / requests;
  // Four standard deviations of a binomial distribution: exact dice are beyond it once in 16,000 runs.
  const bound = 4 * Math.sqrt((share * (1 - share)) / requests);
  return { share, requests, measured, error: rounded(measured - share, 5), bound: rounded(bound, 5) };
}

async function failures(port, requests) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let failed = 0;
  for (let sent = 0; sent < requests; sent += 1) failed += (await statusOf(agent, port)) === 503 ? 1 : 0;
  agent.destroy();
  return failed;
}

function statusOf(agent, port) {
  return new Promise((resolve, reject) => {
    const sent = get({ host, port, agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject);
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const rounded = (value, digits = 3) => Number(value.toFixed(digits));
