import { duration } from '../../report/format.ts';
import { keeps, numberIn } from '../bound.ts';
import type { Attempt, CheckContext } from '../check.ts';
import type { RedisSpec } from '../checks/redis.ts';
import { redisServer } from '../checks/redis.ts';
import { failureOf } from '../reach.ts';
import { type Server, serverOf, withoutPassword } from '../server.ts';
import { readCa } from '../trust.ts';
import { type Failure, unhealthy } from '../unhealthy.ts';
import { plain, RedisError, type Reply, replyText } from './resp.ts';
import { LoginRefused, openSession, type Session } from './session.ts';

/** What one step saw; `answer` is what later checks can refer to. */
type Seen = { ok: true; detail: string; answer: Record<string, unknown> } | Failure;

/** One try of a `redis` check. */
export async function attemptRedis(spec: RedisSpec, context: CheckContext): Promise<Attempt> {
  const server = serverOf(spec.redis, redisServer);
  if ('problem' in server) return unhealthy(`the URL of redis cannot be used: ${server.problem}`);
  const trusted = await readCa(spec.ca, context);
  if ('problem' in trusted) return trusted.problem;
  const attempt = await talk(server, { ca: trusted.ca, spec, context });
  return { ...attempt, detail: withoutPassword(attempt.detail, server) };
}

interface Talk {
  ca: string | undefined;
  spec: RedisSpec;
  context: CheckContext;
}

async function talk(server: Server, { ca, spec, context }: Talk): Promise<Attempt> {
  const { clock } = context.platform;
  const started = clock.monotonic();
  let session: Session | undefined;
  try {
    session = await openSession(server, { ca, signal: context.signal });
    context.reached.add(server);
    const seen = await stepByStep(session, spec, context);
    const ms = clock.monotonic() - started;
    return seen.ok ? { ...seen, detail: `${seen.detail} in ${duration(ms)}`, ms } : seen;
  } catch (error) {
    if (error instanceof LoginRefused) return refused(error.message, context);
    return failureOf(error, server, context);
  } finally {
    session?.close();
  }
}

type Step = (session: Session, spec: RedisSpec, context: CheckContext) => Promise<Seen>;

/** What the check asks for, in this order; PING where it asks for nothing. */
function stepsOf({ role, set, get, command }: RedisSpec): Step[] {
  const asked: [unknown, Step][] = [
    [role, hasRole],
    [set, roundTrip],
    [get, reads],
    [command, obeys],
  ];
  const steps = asked.filter(([given]) => given !== undefined).map(([, step]) => step);
  return steps.length === 0 ? [pings] : steps;
}

async function stepByStep(session: Session, spec: RedisSpec, context: CheckContext): Promise<Seen> {
  const details: string[] = [];
  let answer = {};
  for (const step of stepsOf(spec)) {
    const seen = await step(session, spec, context);
    if (!seen.ok) return seen;
    details.push(seen.detail);
    answer = { ...answer, ...seen.answer };
  }
  return { ok: true, detail: details.join(', '), answer };
}

async function pings(session: Session, _: RedisSpec, context: CheckContext): Promise<Seen> {
  const reply = await session.ask('PING');
  if (reply instanceof RedisError) return refused(reply.message, context);
  if (reply === 'PONG') return { ok: true, detail: 'PONG', answer: { value: 'PONG' } };
  return unhealthy(`${context.shown(replyText(reply))}, expected PONG`);
}

async function hasRole(session: Session, { role: wanted }: RedisSpec, context: CheckContext): Promise<Seen> {
  const reply = await session.ask('ROLE');
  if (reply instanceof RedisError) return refused(reply.message, context);
  const [word] = Array.isArray(reply) ? reply : [reply];
  const role = word === 'slave' ? 'replica' : String(word);
  if (role !== wanted) return unhealthy(`role ${context.shown(role)}, expected ${wanted}`);
  return { ok: true, detail: `role ${role}`, answer: { role } };
}

const secondsToLive = 60;

async function roundTrip(session: Session, { set = '' }: RedisSpec, context: CheckContext): Promise<Seen> {
  const { random } = context.platform;
  const [key, written] = [`${set}${random.hex(12)}`, random.hex(12)];
  const stored = await session.ask('SET', key, written, 'EX', String(secondsToLive), 'NX');
  if (stored instanceof RedisError) return refused(stored.message, context);
  if (stored !== 'OK') return unhealthy(`SET answered ${context.shown(replyText(stored))}, expected OK`);
  const read = await session.ask('GET', key);
  await session.ask('DEL', key);
  if (read instanceof RedisError) return refused(read.message, context);
  if (read === written) return { ok: true, detail: 'written, read and deleted', answer: {} };
  const found = read === null ? 'was not there' : `was ${context.shown(replyText(read))}`;
  return unhealthy(`the value just written ${found} when it was read`);
}

async function reads(session: Session, spec: RedisSpec, context: CheckContext): Promise<Seen> {
  const { get = '', command } = spec;
  const reply = await session.ask('GET', get);
  if (reply === null) return unhealthy(`there is no key ${context.shown(get)}`);
  // Beside a command, what is expected is about the command's answer.
  return judged(reply, command === undefined ? spec : {}, context);
}

async function obeys(session: Session, spec: RedisSpec, context: CheckContext): Promise<Seen> {
  return judged(await session.ask(...(spec.command ?? [])), spec, context);
}

function judged(reply: Reply, spec: Partial<RedisSpec>, context: CheckContext): Seen {
  if (reply instanceof RedisError) return refused(reply.message, context);
  const text = replyText(reply);
  const shown = context.shown(text);
  const { equals, value } = spec;
  if (equals !== undefined && text !== equals)
    return unhealthy(`${shown}, expected ${context.shown(equals)}`);
  if (value !== undefined && !keeps(value, numberIn(text) ?? Number.NaN)) {
    return unhealthy(`${shown}, expected ${value.text}`);
  }
  return { ok: true, detail: shown, answer: { value: plain(reply) } };
}

/** What a person can do about an error, by its first word. */
const remedies: Readonly<Record<string, string>> = {
  NOAUTH: 'give the password, as ${env.NAME}',
  WRONGPASS: 'check the user and the password',
  NOPERM: 'give the user the right to run this command on this key (ACL SETUSER)',
  READONLY: 'aim at the master, or leave set out',
  MOVED: 'a node of a cluster has some of the keys only: aim at the node that has this one',
};

function refused(message: string, context: CheckContext): Failure {
  const remedy = Object.entries(remedies).find(([word]) => message.startsWith(`${word} `))?.[1];
  return unhealthy(`Redis says: ${context.shown(message)}`, remedy);
}
