import { cp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  anOrder,
  cleanUp,
  type Gateway,
  postOrder,
  sampleModule,
  startGateway,
  temporaryFolder,
} from './gateway-process.ts';

afterEach(cleanUp);

interface Order {
  sequence: number;
  clientOrderId: string;
}

async function allOrders(gateway: Gateway): Promise<Order[]> {
  const orders: Order[] = [];
  for (let from = 1; ; ) {
    const page = (await (await fetch(`${gateway.url}/orders?from=${from}&limit=1000`)).json()) as {
      orders: Order[];
    };
    const last = page.orders.at(-1);
    if (last === undefined) return orders;
    orders.push(...page.orders);
    from = last.sequence + 1;
  }
}

describe('durability', () => {
  test('an acknowledged order outlives SIGKILL, and another process reads it back once', async () => {
    const data = await temporaryFolder();
    const acknowledged = new Map<string, number>();
    for (const run of ['a', 'b', 'c']) {
      const gateway = await startGateway(data);
      let left = 150;
      const send = async () => {
        for (let n = left; n > 0; n = left) {
          left -= 1;
          const clientOrderId = `${run}-${n}`;
          const answer = await postOrder(gateway, { ...anOrder, clientOrderId }).catch(() => undefined);
          if (answer?.status !== 201) return;
          const order = (await answer.json()) as Order;
          acknowledged.set(clientOrderId, order.sequence);
          // In the middle of the stream, with orders of other senders under way.
          if (acknowledged.size % 100 === 0) gateway.process.kill('SIGKILL');
        }
      };
      await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(send));
      gateway.process.kill('SIGKILL');
      await gateway.exited;
    }
    const found = await allOrders(await startGateway(data));
    const byId = Map.groupBy(found, (order) => order.clientOrderId);
    expect(acknowledged.size).toBeGreaterThanOrEqual(300);
    for (const [id, sequence] of acknowledged) {
      expect(byId.get(id)?.map((order) => order.sequence)).toEqual([sequence]);
    }
    expect(new Set(found.map((order) => order.sequence)).size).toBe(found.length);
  });

  test('two processes at once never give out the same number', async () => {
    const data = await temporaryFolder();
    const gateways = await Promise.all([startGateway(data), startGateway(data)]);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => postOrder(gateways[index % 2] as Gateway)),
    );
    const orders = (await Promise.all(answers.map((answer) => answer.json()))) as Order[];
    expect(new Set(orders.map((order) => order.sequence)).size).toBe(100);
    expect(await allOrders(gateways[0])).toHaveLength(100);
  });
});

describe('orders', () => {
  test.each([
    [anOrder, []],
    [{ ...anOrder, clientOrderId: 'a.b:c-1' }, []],
    [{ ...anOrder, symbol: 'acme' }, ['symbol must be one to eight capital letters']],
    [{ ...anOrder, symbol: 5 }, ['symbol must be one to eight capital letters']],
    [{ ...anOrder, side: 'hold' }, ['side must be buy or sell']],
    [{ ...anOrder, quantity: 1.5 }, ['quantity must be a whole number above 0']],
    [
      { ...anOrder, quantity: 0, price: -1 },
      ['quantity must be a whole number above 0', 'price must be a number above 0'],
    ],
    [{ ...anOrder, price: '1' }, ['price must be a number above 0']],
    [{ ...anOrder, clientOrderId: '' }, ['clientOrderId must be 1 to 64 of A-Z a-z 0-9 _ . : -']],
    [{ ...anOrder, sequence: 7 }, ['sequence is not a field of an order']],
    [[], ['the body is not a JSON object']],
    [null, ['the body is not a JSON object']],
  ])('%j has the problems %j', async (order, problems) => {
    const { problemsOf } = await sampleModule<{ problemsOf(order: unknown): string[] }>('orders.js');
    expect(problemsOf(order)).toEqual(problems);
  });

  test('are answered, repeated, refused and read back over HTTP', async () => {
    const gateway = await startGateway(await temporaryFolder(), { VERSION: 'v7' });
    const order = { ...anOrder, clientOrderId: 'c-1' };
    const first = await postOrder(gateway, order);
    expect([first.status, first.headers.get('x-version')]).toEqual([201, 'v7']);
    const placed = (await first.json()) as Order;
    const repeated = await postOrder(gateway, order);
    expect([repeated.status, await repeated.json()]).toEqual([200, placed]);
    expect((await postOrder(gateway, { ...order, quantity: 2 })).status).toBe(409);
    expect((await postOrder(gateway, { ...order, side: 'hold' })).status).toBe(400);
    expect(await (await fetch(`${gateway.url}/orders/${placed.sequence}`)).json()).toEqual(placed);
    expect(await allOrders(gateway)).toEqual([placed]);
  });

  test('sent twice at the same moment are written once', async () => {
    const gateway = await startGateway(await temporaryFolder());
    const order = { ...anOrder, clientOrderId: 'c-1' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => postOrder(gateway, order)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(9).fill(200), 201]);
    expect(await allOrders(gateway)).toHaveLength(1);
  });

  test.each([
    ['GET', '/orders/0', 400],
    ['GET', '/orders/x', 400],
    ['GET', '/orders/99', 404],
    ['GET', '/orders?from=-1', 400],
    ['GET', '/ticks', 426],
    ['DELETE', '/orders', 404],
    ['GET', '//', 404],
    ['POST', '/orders', 400],
  ])('%s %s answers %i with the version', async (method, path, status) => {
    const gateway = await startGateway(await temporaryFolder(), { VERSION: 'v7' });
    const answer = await fetch(`${gateway.url}${path}`, { method });
    expect([answer.status, answer.headers.get('x-version')]).toEqual([status, 'v7']);
  });

  test('larger than 16 KiB are refused', async () => {
    const gateway = await startGateway(await temporaryFolder());
    expect((await postOrder(gateway, { ...anOrder, note: 'x'.repeat(20_000) })).status).toBe(413);
  });
});

describe('what a release reports', () => {
  test('the version in its folder goes before the one in the environment', async () => {
    const folder = await temporaryFolder();
    const source = fileURLToPath(new URL('../../examples/trading/services/gateway', import.meta.url));
    await cp(source, folder, { recursive: true });
    await writeFile(join(folder, 'release.json'), '{"version":"v9","fault":"never-ready"}');
    const data = await temporaryFolder();
    const gateway = await startGateway(data, { CUTOVER_VERSION: 'v1' }, join(folder, 'server.js'));
    expect(await (await fetch(`${gateway.url}/version`)).json()).toEqual({ version: 'v9' });
    const before = Date.now();
    const { now } = (await (await fetch(`${gateway.url}/time`)).json()) as { now: number };
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
    expect((await fetch(`${gateway.url}/ready`)).status).toBe(503);
  });

  test('metrics in the Prometheus text format', async () => {
    const gateway = await startGateway(await temporaryFolder(), { VERSION: 'v"7\\' });
    await postOrder(gateway);
    const answer = await fetch(`${gateway.url}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    const sample = /^[a-z_]+(\{[a-z]+="(\\.|[^"\\])*"(,[a-z]+="(\\.|[^"\\])*")*\})? [\d.e+-]+$/;
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples.filter((line) => !sample.test(line))).toEqual([]);
    expect(samples).toContain('gateway_info{version="v\\"7\\\\"} 1');
    expect(samples).toContain('gateway_http_requests_total{method="POST",route="/orders",status="201"} 1');
    expect(samples).toContain('gateway_orders_written_total 1');
    expect(samples).toContain('gateway_order_log_sync_seconds_bucket{le="+Inf"} 1');
  });
});

describe('SIGTERM', () => {
  test('answers the order that is under way, refuses new connections, exits 0', async () => {
    const gateway = await startGateway(await temporaryFolder());
    const body = JSON.stringify(anOrder);
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write(
      `POST /orders HTTP/1.1\r\nhost: gateway\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    await stoppingHeard(gateway);
    await expect(fetch(`${gateway.url}/ready`)).rejects.toThrow();
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.write(body.slice(5));
    expect(await gateway.exited).toEqual([0, null]);
    expect(answer).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
    expect(answer.toLowerCase()).toContain('\r\nconnection: close\r\n');
  });
});

/** Sends SIGTERM once the half order has arrived, resolves when the gateway says that it stops. */
async function stoppingHeard(gateway: Gateway): Promise<void> {
  // An answer on another connection shows that what was written before it has been read.
  await fetch(`${gateway.url}/health`, { headers: { connection: 'close' } });
  await new Promise<void>((resolve) => {
    gateway.process.stdout?.on('data', (text: string) => {
      if (text.includes('stops on SIGTERM')) resolve();
    });
    gateway.process.kill('SIGTERM');
  });
}

describe('faults', () => {
  test('crash-at-start ends with exit code 1 before it listens', async () => {
    const start = startGateway(await temporaryFolder(), { FAULT: 'crash-at-start' });
    await expect(start).rejects.toThrow('exited with 1 before it listened');
  });

  test('an unknown fault is refused', async () => {
    const start = startGateway(await temporaryFolder(), { FAULT: 'meteor' });
    await expect(start).rejects.toThrow('exited with 1 before it listened');
  });

  test.each([
    { fault: 'none', health: 200, ready: 200, version: 'v7' },
    { fault: 'never-ready', health: 200, ready: 503, version: 'v7' },
    { fault: 'wrong-version', health: 200, ready: 200, version: 'not-v7' },
    { fault: 'errors-after-3s', health: 200, ready: 200, version: 'v7' },
  ])('$fault: health $health, ready $ready, version $version', async ({ fault, health, ready, version }) => {
    const gateway = await startGateway(await temporaryFolder(), { FAULT: fault, CUTOVER_VERSION: 'v7' });
    const [live, readiness, told] = await Promise.all(
      ['/health', '/ready', '/version'].map((path) => fetch(`${gateway.url}${path}`)),
    );
    expect([live?.status, readiness?.status]).toEqual([health, ready]);
    expect(await told?.json()).toEqual({ version });
    expect(told?.headers.get('x-version')).toBe(version);
  });

  interface Faults {
    orderFault(
      fault: string,
      world?: { now?: () => number; wait?: (ms: number) => Promise<void> },
    ): () => Promise<{ status: number } | undefined>;
  }

  test.each([
    { fault: 'none', refused: 0, waitedMs: 0 },
    { fault: 'errors-after-3s', refused: 5, waitedMs: 0 },
    { fault: 'slow-after-3s', refused: 0, waitedMs: 8_000 },
  ])('$fault acts on 100 orders 3 s after the first, not before', async ({ fault, refused, waitedMs }) => {
    const { orderFault } = await sampleModule<Faults>('faults.js');
    let now = 1_000;
    let waited = 0;
    const wait = async (ms: number) => {
      waited += ms;
    };
    const act = orderFault(fault, { now: () => now, wait });
    const before = await Promise.all(Array.from({ length: 100 }, act));
    now += 2_999;
    before.push(...(await Promise.all(Array.from({ length: 100 }, act))));
    expect([before.filter(Boolean), waited]).toEqual([[], 0]);
    now += 1;
    const after = await Promise.all(Array.from({ length: 100 }, act));
    expect(after.filter((answer) => answer?.status === 500)).toHaveLength(refused);
    expect(waited).toBe(waitedMs);
  });

  test('leak holds 64 KiB for each order', async () => {
    const { orderFault } = await sampleModule<Faults>('faults.js');
    const leak = orderFault('leak');
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 500; count += 1) await leak();
    const heldMiB = (process.memoryUsage().arrayBuffers - before) / 1024 / 1024;
    expect(heldMiB).toBeGreaterThan(30);
  });
});
