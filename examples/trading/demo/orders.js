import { Agent, request } from 'node:http';

const ordersPerSecond = 300;
const turnMs = 10;
const timeoutMs = 5_000;

/**
 * Clients that place 300 orders a second, whatever the answers do. Nothing is repeated: an order that fails stays
 * failed, so that what the clients saw is what the gateway did.
 */
export class OrderClients {
  #origin;
  #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  #timer;
  #startedAt = 0;
  #sent = 0;
  #underWay = new Set();
  /** Sequence number by clientOrderId, of the orders that were acknowledged. */
  acknowledged = new Map();
  /** Orders that were answered, but not accepted. */
  refused = 0;
  /** Orders without an answer: the connection broke or time ran out. */
  unanswered = 0;

  constructor(origin) {
    this.#origin = origin;
  }

  start() {
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => this.#sendDue(), turnMs);
  }

  /** Resolves when everything that was sent has been answered or given up. */
  async stop() {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
    this.#agent.destroy();
  }

  get counts() {
    return { acknowledged: this.acknowledged.size, refused: this.refused, unanswered: this.unanswered };
  }

  #sendDue() {
    const due = Math.floor(((performance.now() - this.#startedAt) / 1_000) * ordersPerSecond);
    while (this.#sent < due) {
      this.#sent += 1;
      const answer = this.#place(`demo-${this.#sent}`).finally(() => this.#underWay.delete(answer));
      this.#underWay.add(answer);
    }
  }

  async #place(clientOrderId) {
    const order = { clientOrderId, symbol: 'ACME', side: 'buy', quantity: 1, price: 101.5 };
    try {
      const { status, body } = await this.#post(JSON.stringify(order));
      if (status === 201) this.acknowledged.set(clientOrderId, JSON.parse(body).sequence);
      else this.refused += 1;
    } catch {
      this.unanswered += 1;
    }
  }

  #post(body) {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const options = { method: 'POST', agent: this.#agent, headers, timeout: timeoutMs };
      const outgoing = request(`${this.#origin}/orders`, options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode, body: text }));
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

/**
 * Reads the whole order log back through the gateway and compares it with what was acknowledged.
 *
 * @returns {Promise<{ acknowledged: number, found: number, missing: number, twice: number }>}
 */
export async function readBack(origin, acknowledged) {
  const sequences = new Map();
  for await (const { clientOrderId, sequence } of allOrders(origin)) {
    if (!acknowledged.has(clientOrderId)) continue;
    sequences.set(clientOrderId, [...(sequences.get(clientOrderId) ?? []), sequence]);
  }
  const isRight = ([id, sequence]) => sequences.get(id)?.includes(sequence);
  const found = [...acknowledged].filter(isRight).length;
  const twice = [...sequences.values()].filter((all) => all.length > 1).length;
  return { acknowledged: acknowledged.size, found, missing: acknowledged.size - found, twice };
}

async function* allOrders(origin) {
  for (let from = 1; ; ) {
    const answer = await fetch(`${origin}/orders?from=${from}&limit=1000`);
    if (!answer.ok) throw new Error(`reading orders back was answered with ${answer.status}`);
    const { orders } = await answer.json();
    if (orders.length === 0) return;
    yield* orders;
    from = orders.at(-1).sequence + 1;
  }
}
