import { connect } from 'node:net';
import { isAddress } from '../platform/tcp.ts';
import { type Dial, secureDial } from '../platform/tls.ts';
import type { MeterPlan } from './report.ts';
import { addressOf } from './request-template.ts';

/** How the connections of a meter are opened: raw sockets, or TLS for an https:// origin. @throws UserError for any other */
export async function dialFor({ origin, headers, ca }: MeterPlan): Promise<Dial> {
  const { scheme, host, port } = addressOf(origin);
  if (scheme === 'http') return (onread) => connect({ host, port, noDelay: true, onread });
  const tls = { servername: nameIn(headers), ca, alpn: ['http/1.1'] };
  return secureDial({ host, port, tls });
}

/** Who is asked for by name has to prove to be that one, wherever the connection leads; node:https does the same. */
function nameIn(headers: Readonly<Record<string, string>>): string | undefined {
  const [, given = ''] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'host') ?? [];
  const name = given.trim().replace(/:\d+$/, '');
  return name === '' || name.startsWith('[') || isAddress(name) ? undefined : name;
}
