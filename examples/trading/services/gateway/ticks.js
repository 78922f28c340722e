import { acceptWebSocket } from './websocket.js';

const tickEveryMs = 100;
const pingEveryMs = 15_000;
const startingPrices = { ACME: 101.5, GLOBEX: 48.2, INITECH: 12.75 };

/** A made-up market: prices that walk at random, sent to every connected client ten times a second. */
export class TickStream {
  #clients = new Set();
  #prices = { ...startingPrices };
  #number = 0;
  #version;
  #timers;

  constructor(version) {
    this.#version = version;
    this.#timers = [
      setInterval(() => this.#tick(), tickEveryMs),
      setInterval(() => this.#ping(), pingEveryMs),
    ];
  }

  /** How many clients are connected. */
  get clients() {
    return this.#clients.size;
  }

  /** Takes over an upgrade request. */
  connect(request, socket, head, headers) {
    const client = acceptWebSocket(request, socket, head, headers);
    if (client === undefined) return;
    this.#clients.add(client);
    client.closed.then(() => this.#clients.delete(client));
  }

  /** Says "going away" (1001) to every client and resolves when all of them are gone. */
  async close() {
    for (const timer of this.#timers) clearInterval(timer);
    for (const client of this.#clients) client.close(1001, 'going away');
    await Promise.all([...this.#clients].map((client) => client.closed));
  }

  #tick() {
    const symbols = Object.keys(this.#prices);
    const symbol = symbols[this.#number % symbols.length];
    const price = Math.max(0.01, this.#prices[symbol] * (1 + (Math.random() - 0.5) / 500));
    this.#prices[symbol] = price;
    this.#number += 1;
    const tick = { symbol, price: Number(price.toFixed(4)), number: this.#number, version: this.#version };
    const text = JSON.stringify(tick);
    for (const client of this.#clients) client.send(text);
  }

  #ping() {
    for (const client of this.#clients) client.ping();
  }
}
