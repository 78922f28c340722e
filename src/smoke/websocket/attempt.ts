import type { Attempt, CheckContext } from '../check.ts';
import { conversation, dialled, tlsOf } from '../dialled.ts';
import { jsonIn } from '../json-expectations.ts';
import { type Peer, peerOf, TimeUp } from '../reach.ts';
import { unsendable } from '../request-fields.ts';
import { Conversation, ProtocolError } from './conversation.ts';
import { describeExpected, type ExpectedMessage, isExpected } from './expected.ts';
import { NotAFrame } from './frames.ts';
import { handshakeObjection } from './handshake.ts';

export interface WebSocketSpec {
  websocket: string;
  headers: Readonly<Record<string, string>>;
  protocols: readonly string[] | undefined;
  send: readonly string[];
  receives: number | undefined;
  expect: readonly ExpectedMessage[];
  close: number | undefined;
  ca: string | undefined;
}

/** Messages beyond which nobody waits for the right one any more. */
const mostMessages = 10_000;

type Failure = Extract<Attempt, { ok: false }>;
const unhealthy = (detail: string): Failure => ({ ok: false, finding: 'unhealthy', detail });

/** Opens a WebSocket, says what is to be said and waits for what is to come. */
export async function attemptWebSocket(spec: WebSocketSpec, context: CheckContext): Promise<Attempt> {
  const place = spec.websocket;
  const text = place.startsWith('/') ? `${await context.aim.origin(context.component)}${place}` : place;
  if (!URL.canParse(text)) return unhealthy(`${context.shown(text)} is not a URL`);
  const unsent = unsendable(spec.headers);
  if (unsent !== undefined) return unhealthy(`the value of the header ${unsent} cannot be sent`);
  const url = new URL(text);
  const peer = peerOf(text);
  const isSecure = url.protocol === 'wss:' || url.protocol === 'https:';
  const secure = await tlsOf({ tls: isSecure ? 'verify' : 'off', ca: spec.ca }, context);
  if ('problem' in secure) return secure.problem;
  const { clock } = context.platform;
  const startedMs = clock.monotonic();
  const made = await dialled(peer, secure.tls, context);
  if ('problem' in made) return made.problem;
  return conversation(made.socket, { peer, context }, async (broken) => {
    const talk = new Conversation(made.socket, context.platform.random, broken);
    const attempt = await told(() => talkOn(talk, { spec, url, peer, context }));
    return attempt.ok ? { ...attempt, ms: clock.monotonic() - startedMs } : attempt;
  });
}

/** A server that breaks the protocol is unhealthy, and not a bug of ours. */
async function told(act: () => Promise<Attempt>): Promise<Attempt> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof NotAFrame) return unhealthy(error.message);
    throw error;
  }
}

interface Talk {
  spec: WebSocketSpec;
  url: URL;
  peer: Peer;
  context: CheckContext;
}

async function talkOn(talk: Conversation, { spec, url, context }: Talk): Promise<Attempt> {
  const key = Buffer.from(context.platform.random.hex(16), 'hex').toString('base64');
  const { protocols = [] } = spec;
  const path = `${url.pathname}${url.search}`;
  const answer = await talk.open({ authority: url.host, path, headers: spec.headers, protocols, key });
  const refused = handshakeObjection(answer, { key, protocols });
  if (refused !== undefined) return unhealthy(refused);
  for (const message of spec.send) talk.send(message);
  const missing = (await expected(talk, spec, context)) ?? (await closed(talk, spec, context));
  if (missing) return missing;
  if (spec.close === undefined) talk.close(1000);
  const { messages } = talk;
  const said = messages.length === 1 ? '1 message' : `${messages.length} messages`;
  const protocol = answer.headers['sec-websocket-protocol'];
  return { ok: true, detail: `open, ${said}`, answer: { protocol, messages: messages.map(parsed) } };
}

const parsed = (message: string): unknown => {
  const json = jsonIn(message);
  return json ? json.value : message;
};

/** Waits for the messages that are to come, in their order; others may come between them. */
async function expected(
  talk: Conversation,
  spec: WebSocketSpec,
  context: CheckContext,
): Promise<Failure | undefined> {
  const open = [...spec.expect];
  const wanted = spec.receives ?? 0;
  const lacking = (): string =>
    open[0] === undefined
      ? `${talk.messages.length} messages, expected ${wanted}`
      : `no message is ${describeExpected(open[0])}${last(talk, context)}`;
  while (open.length > 0 || talk.messages.length < wanted) {
    if (talk.messages.length >= mostMessages) return unhealthy(`of ${mostMessages} messages ${lacking()}`);
    const event = await inTime(talk, context);
    if (event === undefined) return unhealthy(`${lacking()} within ${context.timeoutMs} ms`);
    if (event.type === 'close') return unhealthy(`closed with ${closeText(event, context)}: ${lacking()}`);
    if (open[0] !== undefined && isExpected(event.text, open[0])) open.shift();
  }
  return undefined;
}

/** Waits for the close that is to come. */
async function closed(
  talk: Conversation,
  { close }: WebSocketSpec,
  context: CheckContext,
): Promise<Failure | undefined> {
  if (close === undefined) return undefined;
  for (;;) {
    const event = await inTime(talk, context);
    if (event === undefined)
      return unhealthy(`was not closed within ${context.timeoutMs} ms, expected ${close}`);
    if (event.type !== 'close') continue;
    return event.code === close
      ? undefined
      : unhealthy(`closed with ${closeText(event, context)}, expected ${close}`);
  }
}

function closeText({ code, reason }: { code: number; reason: string }, { shown }: CheckContext): string {
  return reason === '' ? String(code) : `${code} ${JSON.stringify(shown(reason))}`;
}

/** The next event; undefined when the attempt's time is over. Rejects when the run is cancelled or the connection breaks. */
async function inTime(
  talk: Conversation,
  { signal }: CheckContext,
): Promise<Awaited<ReturnType<Conversation['next']>> | undefined> {
  try {
    return await talk.next();
  } catch (error) {
    if (signal.aborted && signal.reason instanceof TimeUp) return undefined;
    throw error;
  }
}

function last({ messages }: Conversation, { shown }: CheckContext): string {
  const message = messages.at(-1);
  return message === undefined ? '' : `, the last one is ${JSON.stringify(shown(message))}`;
}
