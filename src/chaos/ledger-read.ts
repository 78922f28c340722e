import type { Query } from '../config/json-path/query.ts';
import { messageOf } from '../platform/errors.ts';
import type { HttpAnswer } from '../platform/http.ts';
import { everyItem, listOf, parsed, valuesAt } from './json-path.ts';
import type { LedgerPlan } from './ledger.ts';
import type { ReadBack, Written } from './ledger-judge.ts';

const timeoutMs = 5_000;
/** Writes that are asked for one by one, at a time. */
const atOnce = 16;

type Reading = Pick<LedgerPlan, 'platform' | 'origin'> & {
  read: LedgerPlan['spec']['read'];
  signal: AbortSignal;
};

/** Whether writes are asked for one by one; they then come in the order in which they were asked for. */
export const isOneByOne = (path: string): boolean => /\{(?:n|id)\}/.test(path);

/** Reads the writes back once. Rejects only with the signal's reason. */
export async function readBack(reading: Reading, written: readonly Written[]): Promise<ReadBack> {
  try {
    return {
      found: isOneByOne(reading.read.path) ? await readEach(reading, written) : await readAll(reading),
    };
  } catch (error) {
    reading.signal.throwIfAborted();
    return { why: messageOf(error) };
  }
}

async function readAll(reading: Reading): Promise<readonly number[]> {
  const { path, json = everyItem } = reading.read;
  const answer = await get(reading, path);
  if (answer.status >= 300) throw new Error(`${path} answers ${answer.status}`);
  if (parsed(answer.body) === undefined) throw new Error(`${path} does not answer with JSON`);
  // An empty list is a list: then everything is lost. Anything else says nothing about what was written.
  if (valuesAt(answer.body, listOf(json)).length === 0) {
    throw new Error(`${path} has no list where one is looked for`);
  }
  return numbersAt(answer.body, { path, json });
}

async function readEach(reading: Reading, written: readonly Written[]): Promise<readonly number[]> {
  const rest = [...written];
  const found: number[] = [];
  const work = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) found.push(...(await readOne(reading, next)));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return found.toSorted((a, b) => a - b);
}

async function readOne(reading: Reading, one: Written): Promise<readonly number[]> {
  const { path: template, json } = reading.read;
  if (template.includes('{id}') && one.id === undefined) {
    // Only the answer tells its id: without one it is unknown, as was the write.
    if (one.acknowledgedMs === undefined) return [];
    throw new Error('an acknowledged write told no id');
  }
  const path = template.replaceAll('{n}', String(one.n)).replaceAll('{id}', encodeURIComponent(one.id ?? ''));
  const answer = await get(reading, path);
  if (answer.status === 404 || answer.status === 410) return [];
  if (answer.status >= 300) throw new Error(`${path} answers ${answer.status}`);
  if (json === undefined) return [one.n];
  if (valuesAt(answer.body, json).length === 0)
    throw new Error(`${path} has nothing where its number is looked for`);
  return numbersAt(answer.body, { path, json });
}

function numbersAt(body: string, { path, json }: { path: string; json: Query }): readonly number[] {
  const numbers = valuesAt(body, json).map(Number);
  if (numbers.length > 0 && !numbers.some(Number.isFinite)) throw new Error(`${path} has no numbers there`);
  return numbers;
}

function get({ platform, origin, read, signal }: Reading, path: string): Promise<HttpAnswer> {
  return platform.http.send({ url: origin + path, headers: { ...read.headers }, timeoutMs, signal });
}
