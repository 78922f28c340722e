import { connect } from 'node:net';

const probes = 4;
const beforeMs = 30;
const afterMs = 150;

/**
 * Clients that ask an origin who answers, one request after the other without pause, in the moments around a switch.
 * They see a switch the way a client does, whatever proxy is behind the origin.
 */
export class Probes {
  #clients;

  constructor(origin, connections) {
    const { port } = new URL(origin);
    this.#clients = Array.from({ length: probes }, () => new Probe(Number(port), connections));
  }

  /**
   * Runs `act` under probing. What `act` gives is the moment of the write in milliseconds since 1970, or undefined where it
   * took effect with the command.
   *
   * @returns milliseconds to the first answer of `version` and to the last one of another, from the write and from the
   *   command; `failed` counts broken probes
   */
  async around(act, version) {
    const answers = [];
    const until = { at: Number.POSITIVE_INFINITY };
    const clock = readClocks();
    const running = this.#clients.map((client) => client.run(answers, until));
    await new Promise((resolve) => setTimeout(resolve, beforeMs));
    const command = performance.now();
    const writtenAt = await act();
    until.at = performance.now() + afterMs;
    await Promise.all(running);
    const after = answers.filter(({ at }) => at >= command);
    const first = after.find((answer) => answer.version === version)?.at;
    const last = after.findLast((answer) => answer.version !== undefined && answer.version !== version)?.at;
    const since = (start) => ({
      firstNewMs: first === undefined ? undefined : Math.max(0, first - start),
      lastOldMs: last === undefined ? 0 : Math.max(0, last - start),
    });
    return {
      fromWrite: since(writtenAt === undefined ? command : clock.monotonicOf(writtenAt)),
      fromCommand: since(command),
      failed: after.filter((answer) => answer.version === undefined).length,
    };
  }

  close() {
    for (const client of this.#clients) client.close();
  }
}

/**
 * Relates the two clocks. The wall clock counts whole milliseconds: its ticks are watched here, and a moment that it gives is
 * taken to lie in the middle of its millisecond, half a millisecond wrong at the most.
 */
function readClocks() {
  const before = Date.now();
  let wall = before;
  while (wall === before) wall = Date.now();
  const monotonic = performance.now();
  return { monotonicOf: (moment) => monotonic + (moment + 0.5 - wall) };
}

class Probe {
  #port;
  #request;
  #keeps;
  #socket;

  constructor(port, connections) {
    this.#port = port;
    this.#keeps = connections === 'keep-alive';
    this.#request = `GET /version HTTP/1.1\r\nhost: probe\r\n${this.#keeps ? '' : 'connection: close\r\n'}\r\n`;
  }

  async run(answers, until) {
    while (performance.now() < until.at) {
      const version = await this.#ask().catch(() => undefined);
      answers.push({ at: performance.now(), version });
    }
  }

  close() {
    this.#socket?.destroy();
  }

  #ask() {
    const socket = this.#connected();
    return new Promise((resolve, reject) => {
      let text = '';
      const done = (settle, value) => {
        socket.off('data', onData).off('error', onEnd).off('close', onEnd);
        if (!this.#keeps) socket.destroy();
        settle(value);
      };
      const onEnd = () => {
        this.#socket = undefined;
        done(reject, new Error('the connection ended'));
      };
      const onData = (bytes) => {
        text += bytes.toString('latin1');
        const version = versionOf(text);
        if (version !== undefined) done(resolve, version);
      };
      socket.on('data', onData).on('error', onEnd).on('close', onEnd);
      socket.write(this.#request);
    });
  }

  #connected() {
    if (this.#keeps && this.#socket) return this.#socket;
    this.#socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('error', () => {});
    return this.#socket;
  }
}

/** The version in a whole answer, whose body is JSON of a known length; undefined while it is not all there. */
function versionOf(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (text.length < end + 4 + length) return undefined;
  return /^HTTP\/1.1 200/.test(head)
    ? (/\r\nx-version: (\S+)/i.exec(head)?.[1] ?? 'unknown')
    : `status ${head.slice(9, 12)}`;
}
