import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { cleanUp, type Gateway, sampleModule, startGateway, temporaryFolder } from './gateway-process.ts';

interface Frame {
  opcode: number;
  payload: Buffer;
}

const { acceptKey } = await sampleModule<{ acceptKey(key: string): string }>('websocket.js');

afterEach(cleanUp);

/** Just enough of a client to send any frame, right or wrong. */
class TickClient {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  #unread = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.closed = once(this.socket, 'close');
    this.socket.on('data', (bytes) => {
      this.#unread = Buffer.concat([this.#unread, bytes]);
      this.socket.emit('unread');
    });
  }

  async open({ path = '/ticks', ...changes }: Record<string, string | undefined> = {}): Promise<string> {
    const headers = {
      host: 'gateway',
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...changes,
    };
    const lines = Object.entries(headers).filter(([, value]) => value !== undefined);
    this.socket.write(
      `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    );
    return (await this.#take(endOfHead)).toString();
  }

  send({
    opcode,
    payload = '',
    final = true,
    masked = true,
  }: {
    opcode: number;
    payload?: string | Buffer;
    final?: boolean;
    masked?: boolean;
  }): void {
    const bytes = Buffer.from(payload);
    const mask = Buffer.from([1, 2, 3, 4]);
    const size = bytes.length < 126 ? [bytes.length] : [126, bytes.length >> 8, bytes.length & 255];
    const [first = 0, ...rest] = size;
    const header = Buffer.from([(final ? 0x80 : 0) | opcode, (masked ? 0x80 : 0) | first, ...rest]);
    const body = masked ? Buffer.concat([mask, bytes.map((byte, i) => byte ^ (mask[i & 3] ?? 0))]) : bytes;
    this.socket.write(Buffer.concat([header, body]));
  }

  /** The next frame; a server's frames are not masked. */
  async frame(): Promise<Frame> {
    const [first = 0, size = 0] = await this.#take(() => 2);
    expect(size & 0x80).toBe(0);
    const length = size === 126 ? (await this.#take(() => 2)).readUInt16BE() : size;
    return { opcode: first & 15, payload: await this.#take(() => length) };
  }

  async frameOf(opcode: number): Promise<Frame> {
    for (;;) {
      const frame = await this.frame();
      if (frame.opcode === opcode) return frame;
    }
  }

  /** Waits for so many bytes as `sizeIn` finds; undefined means that more have to come. */
  async #take(sizeIn: (bytes: Buffer) => number | undefined): Promise<Buffer> {
    for (;;) {
      const size = sizeIn(this.#unread);
      if (size !== undefined && this.#unread.length >= size) {
        const taken = this.#unread.subarray(0, size);
        this.#unread = this.#unread.subarray(size);
        return taken;
      }
      const ended = this.closed.then(() => Promise.reject(new Error('the gateway closed the connection')));
      await Promise.race([once(this.socket, 'unread'), ended]);
    }
  }
}

function endOfHead(bytes: Buffer): number | undefined {
  const at = bytes.indexOf('\r\n\r\n');
  return at === -1 ? undefined : at + 4;
}

async function connected(gateway: Gateway): Promise<TickClient> {
  const client = new TickClient(gateway.port);
  expect(await client.open()).toMatch(/^HTTP\/1\.1 101 /);
  return client;
}

describe('the tick stream', () => {
  test('computes the accept key of the example in RFC 6455, section 1.3', () => {
    expect(acceptKey('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });

  test('opens with the right answer and sends numbered ticks', async () => {
    const gateway = await startGateway(await temporaryFolder(), { VERSION: 'v7' });
    const client = new TickClient(gateway.port);
    const answer = await client.open();
    expect(answer).toContain('\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n');
    expect(answer).toContain('\r\nx-version: v7\r\n');
    const ticks = [];
    for (let count = 0; count < 4; count += 1) {
      ticks.push(JSON.parse((await client.frameOf(1)).payload.toString()) as { number: number });
    }
    const first = ticks[0]?.number ?? 0;
    expect(ticks.map((tick) => tick.number)).toEqual([first, first + 1, first + 2, first + 3]);
    expect(ticks[0]).toEqual({
      symbol: expect.any(String),
      price: expect.any(Number),
      number: first,
      version: 'v7',
    });
  });

  test.each([
    [{ path: '/elsewhere' }, '404'],
    [{ 'sec-websocket-version': '8' }, '426'],
    [{ 'sec-websocket-key': 'c2hvcnQ=' }, '400'],
    [{ 'sec-websocket-key': undefined }, '400'],
  ])('refuses an upgrade with %j by %s', async (changes, status) => {
    const client = new TickClient((await startGateway(await temporaryFolder())).port);
    expect(await client.open(changes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    await client.closed;
  });

  test('answers a ping with its payload, also between fragments', async () => {
    const client = await connected(await startGateway(await temporaryFolder()));
    client.send({ opcode: 1, payload: 'first half', final: false });
    client.send({ opcode: 9, payload: 'are you there' });
    client.send({ opcode: 0, payload: 'second half' });
    expect((await client.frameOf(10)).payload.toString()).toBe('are you there');
    client.send({ opcode: 9 });
    expect((await client.frameOf(10)).payload).toHaveLength(0);
  });

  test('answers a close with the same code and ends the connection', async () => {
    const client = await connected(await startGateway(await temporaryFolder()));
    client.send({ opcode: 8, payload: Buffer.from([3, 232]) });
    expect((await client.frameOf(8)).payload.readUInt16BE()).toBe(1000);
    await client.closed;
  });

  test.each([
    ['a frame without a mask', { opcode: 1, payload: 'x', masked: false }, 1002],
    ['an unknown opcode', { opcode: 3 }, 1002],
    ['a ping in fragments', { opcode: 9, final: false }, 1002],
    ['a continuation of nothing', { opcode: 0, payload: 'x' }, 1002],
    ['a ping over 125 bytes', { opcode: 9, payload: 'x'.repeat(126) }, 1002],
  ])('closes on %s', async (_, frame, code) => {
    const client = await connected(await startGateway(await temporaryFolder()));
    client.send(frame);
    expect((await client.frameOf(8)).payload.readUInt16BE()).toBe(code);
    await client.closed;
  });

  test('closes with 1009 on fragments that grow beyond 64 KiB', async () => {
    const client = await connected(await startGateway(await temporaryFolder()));
    client.send({ opcode: 2, payload: 'x'.repeat(40_000), final: false });
    client.send({ opcode: 0, payload: 'x'.repeat(40_000), final: false });
    expect((await client.frameOf(8)).payload.readUInt16BE()).toBe(1009);
    await client.closed;
  });

  test('closes with 1001 when the gateway stops, which then exits 0', async () => {
    const gateway = await startGateway(await temporaryFolder());
    const clients = await Promise.all([connected(gateway), connected(gateway)]);
    gateway.process.kill('SIGTERM');
    for (const client of clients) {
      expect((await client.frameOf(8)).payload.readUInt16BE()).toBe(1001);
      client.send({ opcode: 8, payload: Buffer.from([3, 233]) });
    }
    expect(await gateway.exited).toEqual([0, null]);
  });
});
