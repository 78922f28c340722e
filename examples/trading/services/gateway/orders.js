import { isDeepStrictEqual } from 'node:util';

const rememberedIds = 100_000;

const rules = {
  symbol: [(value) => /^[A-Z]{1,8}$/.test(value), 'one to eight capital letters'],
  side: [(value) => value === 'buy' || value === 'sell', 'buy or sell'],
  quantity: [(value) => Number.isSafeInteger(value) && value > 0, 'a whole number above 0'],
  price: [(value) => Number.isFinite(value) && value > 0, 'a number above 0'],
};
const optionalRules = {
  clientOrderId: [
    (value) => typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value),
    '1 to 64 of A-Z a-z 0-9 _ . : -',
  ],
};

/** What is wrong with an order as it came in, one sentence each; empty when it can be accepted. */
export function problemsOf(input) {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return ['the body is not a JSON object'];
  const known = { ...rules, ...optionalRules };
  const unknown = Object.keys(input).filter((key) => !Object.hasOwn(known, key));
  const wrong = Object.entries(known).filter(([key, [isRight]]) =>
    key in optionalRules && input[key] === undefined ? false : !isRight(input[key]),
  );
  return [
    ...wrong.map(([key, [, allowed]]) => `${key} must be ${allowed}`),
    ...unknown.map((key) => `${key} is not a field of an order`),
  ];
}

/**
 * Takes orders: checks them, has them written, answers. An order that carries a `clientOrderId` seen before by this
 * process is not written again: the same order gets the same answer, a different one is refused. The last 100,000 ids are
 * remembered; another process does not know them.
 */
export class OrderDesk {
  #log;
  #byClientId = new Map();

  /** @param {{ append: (order: object) => Promise<object> }} log */
  constructor(log) {
    this.#log = log;
  }

  /** @returns {Promise<{ status: number, body: object }>} */
  async place(input) {
    const problems = problemsOf(input);
    if (problems.length > 0) return { status: 400, body: { error: problems.join('; ') } };
    const known = this.#byClientId.get(input.clientOrderId);
    if (known !== undefined) return this.#repeat(known, input);
    return this.#accept(input);
  }

  async #accept(input) {
    const written = this.#log.append({ ...input, acceptedAt: new Date().toISOString() });
    this.#remember(input, written);
    try {
      return { status: 201, body: await written };
    } catch {
      this.#byClientId.delete(input.clientOrderId);
      return { status: 503, body: { error: 'the order could not be written' } };
    }
  }

  async #repeat({ input: first, written }, input) {
    if (!isDeepStrictEqual(first, input)) {
      return {
        status: 409,
        body: { error: `clientOrderId ${input.clientOrderId} belongs to a different order` },
      };
    }
    try {
      return { status: 200, body: await written };
    } catch {
      return { status: 503, body: { error: 'the order could not be written' } };
    }
  }

  #remember(input, written) {
    if (input.clientOrderId === undefined) return;
    this.#byClientId.set(input.clientOrderId, { input, written });
    if (this.#byClientId.size > rememberedIds) this.#byClientId.delete(this.#byClientId.keys().next().value);
  }
}
