import * as v from 'valibot';
import { text } from '../../config/schema/fields.ts';
import { regularExpression } from '../../config/schema/regular-expression.ts';
import type { Socket } from '../../platform/tcp.ts';
import { address, peerAt } from '../address.ts';
import { type Attempt, type CheckContext, checkKind } from '../check.ts';
import { conversation, dialled, noAddress, tlsEntries, tlsOf } from '../dialled.ts';
import { type Peer, peerText } from '../reach.ts';

/** What is kept of what a server says. */
const mostBytes = 64 * 1024;

/** A connection, and what is said on it. */
export const tcp = checkKind({
  kind: 'tcp',
  description: 'Connects to a TCP port; can send a text and look at what comes back.',
  entries: {
    tcp: address('Where to connect.'),
    send: v.optional(text('Text to send, as it is; "\\r\\n" in double quotes ends a line.', ['QUIT\r\n'])),
    expect: v.optional(
      regularExpression('Regular expression that what comes back must match; ^ and $ are not implied.'),
    ),
    ...tlsEntries,
  },
  defaultTimeoutMs: 5_000,
  example: `
- name: port
  tcp: component
- name: mail
  tcp: mail.internal:25
  send: "EHLO smoke\\r\\n"
  expect: '250[ -]'`,
  attempt: async (spec, context): Promise<Attempt> => {
    const peer = await peerAt(spec.tcp, context);
    if (!peer) return noAddress(spec.tcp, context);
    const secure = await tlsOf(spec, context);
    if ('problem' in secure) return secure.problem;
    const { clock } = context.platform;
    const startedMs = clock.monotonic();
    const made = await dialled(peer, secure.tls, context);
    if ('problem' in made) return made.problem;
    const connectedMs = clock.monotonic() - startedMs;
    const { socket } = made;
    return conversation(socket, { peer, context }, async (broken) => {
      if (spec.send !== undefined) socket.write(spec.send);
      const said = spec.expect === undefined ? '' : await heard(socket, { spec, broken, peer, context });
      if (typeof said !== 'string') return said;
      const detail = `connected to ${peerText(peer)} in ${Math.round(connectedMs)} ms`;
      return { ok: true, detail, answer: { text: said }, ms: clock.monotonic() - startedMs };
    });
  },
});

interface Hearing {
  spec: { expect: string | undefined };
  broken: Promise<never>;
  peer: Peer;
  context: CheckContext;
}

/** Reads until it matches; what was said instead, where it never does. */
async function heard(socket: Socket, { spec, broken, peer, context }: Hearing): Promise<string | Attempt> {
  const { expect = '' } = spec;
  const expected = new RegExp(expect, 'u');
  let said = '';
  const right = new Promise<string>((resolve) => {
    socket.setEncoding('utf8').on('data', (piece: string) => {
      said = `${said}${piece}`.slice(0, mostBytes);
      if (expected.test(said)) resolve(said);
    });
  });
  try {
    return await Promise.race([right, broken]);
  } catch (error) {
    if (said === '') throw error;
    const detail = `${peerText(peer)} says ${JSON.stringify(context.shown(said))}, expected a match of ${expect}`;
    return { ok: false, finding: 'unhealthy', detail };
  }
}
