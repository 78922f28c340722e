import { afterEach, describe, expect, test } from '@jest/globals';
import { createProxy } from '../../../../src/targets/local/proxy/proxy.ts';
import {
  cannedBackend,
  closeAll,
  deadPort,
  eventually,
  httpBackend,
  instance,
  pause,
  proxyTo,
  RawClient,
  rawBackend,
} from './support.ts';

afterEach(closeAll);

const get = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
const close = 'Connection: close\r\n';
const ok = (body: string, fields = '') =>
  `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;

describe('the route', () => {
  test('moves a keep-alive connection to the new colour between two requests', async () => {
    const blue = await cannedBackend(ok('blue'));
    const green = await cannedBackend(ok('green'));
    const { proxy, port } = await proxyTo([blue.port], { green: [green.port] });
    const client = new RawClient(port).send(get('/'));
    await client.until('blue');
    proxy.setLive('green');
    client.send(get('/'));
    await client.until('green');
    expect(proxy.traffic()).toMatchObject({
      blue: { answered: 1, inFlight: 0, upgraded: 0 },
      green: { answered: 1, inFlight: 0, upgraded: 0 },
    });
    expect(proxy.sinceSwitch().firstNewMs).toBeGreaterThanOrEqual(0);
    expect(proxy.sinceSwitch()).toMatchObject({ lastOldMs: undefined, answeredAfterSwitch: 0 });
  });

  test('lets a request in flight finish on the old colour, and counts it', async () => {
    let answer = () => {};
    const blue = await rawBackend((socket) => {
      answer = () => socket.write(ok('late blue'));
    });
    const green = await cannedBackend(ok('green'));
    const { proxy, port } = await proxyTo([blue.port], { green: [green.port] });
    const client = new RawClient(port).send(get('/') + get('/'));
    await eventually(() => blue.received() !== '');
    proxy.setLive('green');
    expect(proxy.traffic().blue).toMatchObject({ answered: 0, inFlight: 1 });
    answer();
    const text = await client.until('green');
    expect(text.indexOf('late blue')).toBeLessThan(text.indexOf('green'));
    expect(proxy.sinceSwitch()).toMatchObject({ answeredAfterSwitch: 1, lastOldMs: expect.any(Number) });
    expect(proxy.traffic().blue).toMatchObject({ answered: 1, inFlight: 0 });
  });

  test('that was flipped back does not take an old answer for a new one', async () => {
    let answer = () => {};
    const blue = await rawBackend((socket) => {
      answer = () => socket.write(ok('blue'));
    });
    const { proxy, port } = await proxyTo([blue.port]);
    const client = new RawClient(port).send(get('/'));
    await eventually(() => blue.received() !== '');
    proxy.setLive('green');
    proxy.setLive('blue');
    answer();
    await client.until('blue');
    expect(proxy.sinceSwitch().firstNewMs).toBeUndefined();
  });

  test('without a live colour or instances answers 503 and says why; the connection goes on', async () => {
    const blue = await cannedBackend(ok('blue'));
    const { proxy, port } = await proxyTo([blue.port]);
    proxy.setLive(undefined);
    const client = new RawClient(port).send(get('/'));
    expect(await client.until('live\n')).toMatch(/^HTTP\/1\.1 503 [\s\S]*x-cutover-reason: no-backend\r\n/);
    proxy.setLive('green');
    client.send(get('/'));
    await client.until('gateway has no instance of green');
    proxy.setLive('blue');
    client.send(get('/'));
    await client.until('\r\n\r\nblue');
  });

  test('closes idle connections of the old colour', async () => {
    const closed: string[] = [];
    const { port: bluePort, server } = await httpBackend((_request, response) => response.end('blue'));
    server.on('connection', (socket) => socket.on('close', () => closed.push('blue')));
    const green = await cannedBackend(ok('green'));
    const { proxy, port } = await proxyTo([bluePort], { green: [green.port] });
    await new RawClient(port).send(get('/')).until('blue');
    proxy.setLive('green');
    await eventually(() => closed.length === 1);
  });
});

describe('headers', () => {
  test('probes learn the colour, ordinary clients see nothing of us', async () => {
    const backend = await cannedBackend(ok('x', 'X-Cutover-Color: forged\r\n'));
    const { port } = await proxyTo([backend.port]);
    const probe = await new RawClient(port).send(get('/', `X-Cutover-Probe: 1\r\n${close}`)).all();
    expect(probe).toContain('x-cutover-color: blue\r\n');
    const plain = await new RawClient(port).send(get('/', close)).all();
    expect(plain).toBe(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\nconnection: close\r\n\r\nx`);
    expect(`${probe}${plain}`).not.toContain('forged');
  });

  test('the client address is appended to what the client claims', async () => {
    const { port: backend } = await httpBackend((request, response) =>
      response.end(String(request.headers['x-forwarded-for'])),
    );
    const { port } = await proxyTo([backend]);
    const text = await new RawClient(port).send(get('/', `X-Forwarded-For: 9.9.9.9\r\n${close}`)).all();
    expect(text).toContain('9.9.9.9, 127.0.0.1');
  });

  test.each([
    ['HTTP/1.1', '', 'goes on'],
    ['HTTP/1.1', 'Connection: close\r\n', 'ends'],
    ['HTTP/1.0', '', 'ends'],
    ['HTTP/1.0', 'Connection: Keep-Alive\r\n', 'goes on'],
  ])('after %s %j the connection %s', async (version, fields, then) => {
    const backend = await cannedBackend(ok('answer'));
    const { port } = await proxyTo([backend.port]);
    const request = `GET / ${version}\r\nHost: x\r\n${fields}\r\n`;
    const client = new RawClient(port).send(request);
    await client.until('\r\n\r\nanswer');
    if (then === 'ends') return void (await client.all());
    if (version === 'HTTP/1.0') expect(client.text).toContain('connection: keep-alive\r\n');
    client.text = '';
    client.send(request);
    await client.until('\r\n\r\nanswer');
    expect(backend.connections()).toBe(1);
  });
});

describe('messages', () => {
  test('pipelined requests are answered in order', async () => {
    const { port: backend } = await httpBackend((request, response) => {
      setTimeout(() => response.end(`<${request.url}>`), request.url === '/0' ? 20 : 0);
    });
    const { port } = await proxyTo([backend]);
    const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
    const client = new RawClient(port).send(paths.map((path) => get(path)).join(''));
    const text = await client.until('</49>');
    expect(text.match(/<[^>]+>/g)).toEqual(paths.map((path) => `<${path}>`));
  });

  test('thousands of pipelined requests without a backend do not fill the stack', async () => {
    const { proxy, port } = await proxyTo([]);
    proxy.setLive(undefined);
    const client = new RawClient(port).send(get('/').repeat(5_000) + get('/', close));
    expect((await client.all()).match(/HTTP\/1\.1 503/g)).toHaveLength(5_001);
  });

  test('chunked bodies with trailers pass both ways, whatever the fragments', async () => {
    const { port: backend } = await httpBackend((request, response) => {
      response.writeHead(200, { trailer: 'x-count' });
      let count = 0;
      request.on('data', (bytes: Buffer) => {
        count += bytes.length;
        response.write(bytes);
      });
      request.on('end', () => {
        response.addTrailers({ 'x-count': String(count), 'x-sent': String(request.trailers['x-sent']) });
        response.end();
      });
    });
    const { port } = await proxyTo([backend]);
    const client = new RawClient(port);
    client.socket.setNoDelay(true);
    client.send('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (const part of ['5;a=b\r\nhe', 'llo\r', '\n6\r\n world\r\n0', '\r\nX-Sent: yes\r\n\r', '\n']) {
      client.send(part);
      await pause(5);
    }
    const text = await client.until('x-sent: yes\r\n\r\n');
    expect(text).toContain('x-count: 11\r\n');
    expect(text.replace(/^[\s\S]*?\r\n\r\n/, '').replace(/\r\n[0-9a-f]+\r\n|^[0-9a-f]+\r\n/g, '')).toContain(
      'hello',
    );
  });

  test('a chunked answer is unpacked for HTTP/1.0', async () => {
    const { port: backend } = await httpBackend((_request, response) => {
      response.write('one ');
      setTimeout(() => response.end('two'), 10);
    });
    const { port } = await proxyTo([backend]);
    const text = await new RawClient(port).send('GET / HTTP/1.0\r\n\r\n').all();
    expect(text).not.toMatch(/transfer-encoding/i);
    expect(text).toMatch(/\r\n\r\none two$/);
  });

  test.each([
    ['HEAD', 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n'],
    ['204', get('/'), 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['304', get('/'), 'HTTP/1.1 304 Not Modified\r\nContent-Length: 999\r\n\r\n'],
  ])('%s has no body and the connection goes on', async (_name, request, answer) => {
    const backend = await rawBackend((socket, chunk) =>
      socket.write(chunk.includes('/next') ? ok('next') : answer),
    );
    const { port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(request + get('/next', close));
    expect(await client.all()).toMatch(
      /\r\n\r\nHTTP\/1\.1 200 OK\r\nContent-Length: 4\r\nconnection: close\r\n\r\nnext$/,
    );
    expect(backend.connections()).toBe(1);
  });

  test('an answer that ends with the connection ends the client connection, complete', async () => {
    const backend = await rawBackend((socket) => {
      socket.write('HTTP/1.0 200 OK\r\nA: b\r\n\r\npart one, ');
      setTimeout(() => socket.end('part two'), 10);
    });
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(get('/'));
    expect(await client.all()).toBe('HTTP/1.1 200 OK\r\nA: b\r\nconnection: close\r\n\r\npart one, part two');
    expect(client.errorCode).toBeUndefined();
    expect(proxy.traffic().blue.answered).toBe(1);
  });

  test('Expect: 100-continue and other 1xx answers pass', async () => {
    const { port: backend } = await httpBackend((request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      request.on('data', () => {});
      request.on('end', () => response.end('done'));
    });
    const { port } = await proxyTo([backend]);
    const client = new RawClient(port).send(
      'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n',
    );
    await client.until('HTTP/1.1 100 Continue\r\n\r\n');
    client.send('ab');
    const text = await client.until('done');
    expect(text).toContain('HTTP/1.1 103 Early Hints\r\n');
  });

  test('an early answer is passed on while the request is still being sent, and is the last', async () => {
    const backend = await rawBackend((socket, _chunk, soFar) => {
      if (soFar.endsWith('start')) socket.write(ok('too large'));
    });
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nstart',
    );
    expect(await client.all()).toMatch(/connection: close\r\n\r\ntoo large$/);
    expect(client.errorCode).toBeUndefined();
    expect(proxy.traffic().blue).toMatchObject({ answered: 1, inFlight: 0 });
  });

  test('a client that ends its side after the request gets its answer', async () => {
    const backend = await rawBackend((socket) => setTimeout(() => socket.write(ok('answer')), 20));
    const { port } = await proxyTo([backend.port]);
    expect(await new RawClient(port).send(get('/')).finish().all()).toMatch(/\r\n\r\nanswer$/);
  });

  test('a client that ends within its request is told, and the backend never sees a whole request', async () => {
    const { port: backend, server } = await httpBackend((request, response) => {
      request.on('end', () => response.end('whole'));
      request.resume();
    });
    let ended = 0;
    server.on('connection', (socket) => socket.on('close', () => (ended += 1)));
    const { proxy, port } = await proxyTo([backend]);
    const client = new RawClient(port)
      .send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc')
      .finish();
    expect(await client.all()).toMatch(/^HTTP\/1\.1 400 /);
    await eventually(() => ended === 1);
    expect(proxy.traffic().blue).toMatchObject({ answered: 0, inFlight: 0 });
  });

  test('a client that leaves takes its request along', async () => {
    const backend = await rawBackend(() => {});
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(get('/'));
    await eventually(() => backend.received() !== '');
    expect(proxy.traffic().blue.inFlight).toBe(1);
    client.socket.resetAndDestroy();
    await eventually(() => proxy.traffic().blue.inFlight === 0);
  });
});

describe('backends', () => {
  test('share the load, and one that is not usable gets none', async () => {
    const backends = [
      await cannedBackend(ok('1')),
      await cannedBackend(ok('2')),
      await cannedBackend(ok('3')),
    ];
    const { proxy, port } = await proxyTo(backends.map((backend) => backend.port));
    proxy.setBackends(
      'blue',
      backends.map((backend, index) => instance(`gateway/blue-${index + 1}`, backend.port, index !== 1)),
    );
    const client = new RawClient(port);
    for (let count = 1; count <= 10; count += 1) {
      client.send(get('/'));
      await eventually(() => client.text.split('HTTP/1.1 200').length > count);
    }
    const served = backends.map((backend) => backend.received().split('GET /').length - 1);
    expect(served).toEqual([5, 0, 5]);
  });

  test('that are all not usable are tried nevertheless', async () => {
    const backend = await cannedBackend(ok('answer'));
    const { proxy, port } = await proxyTo([]);
    proxy.setBackends('blue', [instance('gateway/blue-1', backend.port, false)]);
    await new RawClient(port).send(get('/')).until('answer');
  });

  test('that refuse are passed over, with the whole request', async () => {
    const { port: backend } = await httpBackend((request, response) => request.pipe(response));
    const { port } = await proxyTo([await deadPort(), await deadPort(), backend]);
    for (let count = 0; count < 6; count += 1) {
      const client = new RawClient(port).send(
        `POST / HTTP/1.1\r\nHost: x\r\n${close}Content-Length: 4\r\n\r\nbody`,
      );
      expect(await client.all()).toMatch(/^HTTP\/1\.1 200 [\s\S]*body/);
    }
  });

  test('that all refuse give 502 with the reason; the connection goes on', async () => {
    const { proxy, port } = await proxyTo([await deadPort(), await deadPort()]);
    const client = new RawClient(port).send(get('/') + get('/', close));
    const text = await client.all();
    expect(text.match(/^HTTP\/1\.1 502 /gm)).toHaveLength(2);
    expect(text).toContain('x-cutover-reason: backend-refused\r\n');
    expect(text).toContain('all 2 instances of blue did not accept a connection (ECONNREFUSED)');
    expect(proxy.traffic().blue).toMatchObject({ answered: 0, inFlight: 0 });
  });

  test('refused requests go to the colour that is live by then', async () => {
    const green = await cannedBackend(ok('green'));
    const { proxy, port } = await proxyTo([await deadPort()], { green: [green.port] });
    const client = new RawClient(port).send(get('/'));
    // The refusal is reported one turn of the event loop after the attempt.
    while (proxy.traffic().blue.inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
    proxy.setLive('green');
    await client.until('green');
  });

  test('that close before they answer give 502, and the request is sent once', async () => {
    const dying = await rawBackend((socket) => socket.destroy());
    const other = await cannedBackend(ok('other'));
    const { port } = await proxyTo([dying.port, other.port]);
    const texts = [];
    for (let count = 0; count < 4; count += 1)
      texts.push(await new RawClient(port).send(get(`/${count}`, close)).all());
    const failed = texts.filter((text) => text.startsWith('HTTP/1.1 502'));
    expect(failed).toHaveLength(2);
    for (const text of failed) expect(text).toContain('x-cutover-reason: backend-closed\r\n');
    expect(`${dying.received()}${other.received()}`.match(/GET \/\d/g)?.sort()).toEqual([
      'GET /0',
      'GET /1',
      'GET /2',
      'GET /3',
    ]);
  });

  test.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'],
    ['until close', 'HTTP/1.1 200 OK\r\n\r\npart'],
  ])('that die within an answer %s never make it look complete', async (_name, part) => {
    const backend = await rawBackend((socket) => {
      socket.write(part);
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(get('/'));
    await client.all();
    expect(client.text).toContain('part');
    expect(client.errorCode).toBe('ECONNRESET');
    expect(proxy.traffic().blue).toMatchObject({ answered: 0, inFlight: 0 });
  });

  test('keep their connections: clients that come and go share one', async () => {
    const backend = await cannedBackend(ok('answer'));
    const { port } = await proxyTo([backend.port]);
    for (let count = 0; count < 5; count += 1) await new RawClient(port).send(get('/', close)).all();
    expect(backend.connections()).toBe(1);
  });

  test.each([
    ['says that it closes', ok('answer', 'Connection: close\r\n'), 0],
    ['announces a time that is over', ok('answer', 'Keep-Alive: timeout=0\r\n'), 0],
    ['says nothing, after our own limit', ok('answer'), 60],
  ])('are not used again when the backend %s', async (_name, answer, waitMs) => {
    const backend = await cannedBackend(answer);
    const { port } = await proxyTo([backend.port], { limits: { reuseMs: 50 } });
    await new RawClient(port).send(get('/', close)).all();
    await pause(waitMs);
    await new RawClient(port).send(get('/', close)).all();
    expect(backend.connections()).toBe(2);
  });

  test('a connection that the backend has closed is not used', async () => {
    const backend = await rawBackend((socket) => {
      socket.write(ok('answer'));
      setTimeout(() => socket.end(), 5);
    });
    const { port } = await proxyTo([backend.port]);
    for (let count = 0; count < 5; count += 1) {
      expect(await new RawClient(port).send(get('/', close)).all()).toContain('answer');
      await pause(20);
    }
  });

  test('that are taken off the list finish what they have', async () => {
    const slow = await rawBackend((socket) => setTimeout(() => socket.write(ok('slow')), 30));
    const { proxy, port } = await proxyTo([slow.port]);
    const client = new RawClient(port).send(get('/'));
    await eventually(() => slow.received() !== '');
    proxy.setBackends('blue', []);
    await client.until('slow');
  });
});

describe('limits', () => {
  test('a head that does not come to its end is answered 408', async () => {
    const { port } = await proxyTo([], { limits: { headMs: 50 } });
    const client = new RawClient(port).send('GET / HTTP/1.1\r\n');
    const drip = setInterval(() => client.send('A: b\r\n'), 10);
    try {
      expect(await client.all()).toMatch(/^HTTP\/1\.1 408 [\s\S]*x-cutover-reason: client-timeout\r\n/);
    } finally {
      clearInterval(drip);
    }
  });

  test('a body that does not come to its end is answered 408', async () => {
    const backend = await rawBackend(() => {});
    const { proxy, port } = await proxyTo([backend.port], { limits: { headMs: 50, stalledMs: 50 } });
    const client = new RawClient(port).send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc');
    expect(await client.all()).toMatch(/^HTTP\/1\.1 408 /);
    expect(proxy.traffic().blue.inFlight).toBe(0);
  });

  test('an idle connection is closed', async () => {
    const { port } = await proxyTo([], { limits: { headMs: 50, idleMs: 30 } });
    expect(await new RawClient(port).all()).toBe('');
  });
});

describe('listening', () => {
  test('on a port that is taken is an error for people', async () => {
    const { port } = await proxyTo([]);
    const second = createProxy({ component: 'orders' });
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
      name: 'UserError',
      message: `orders cannot listen on 127.0.0.1:${port}: another process uses the port`,
    });
    await second.close();
  });

  test('ends with close, which cuts what is open', async () => {
    const backend = await rawBackend(() => {});
    const { proxy, port } = await proxyTo([backend.port]);
    const client = new RawClient(port).send(get('/'));
    await eventually(() => backend.received() !== '');
    await proxy.close();
    await client.all();
    const late = new RawClient(port);
    await late.all();
    expect(late.errorCode).toBe('ECONNREFUSED');
  });
});
