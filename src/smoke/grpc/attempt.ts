import { codeOf, messageOf } from '../../platform/errors.ts';
import { type Http2Answer, sendHttp2 } from '../../platform/http2.ts';
import { isTls, type Socket } from '../../platform/tcp.ts';
import { peerAt } from '../address.ts';
import type { Attempt, CheckContext } from '../check.ts';
import { conversation, dialled, noAddress, type TlsSpec, tlsOf } from '../dialled.ts';
import { type Peer, peerText } from '../reach.ts';
import { unsendable } from '../request-fields.ts';
import { codeText, healthPath, healthRequest, healthStatusIn, type ServingStatus } from './health.ts';

export interface GrpcSpec extends TlsSpec {
  grpc: string;
  service: string;
  headers: Readonly<Record<string, string>>;
  status: ServingStatus;
}

const unhealthy = (detail: string): Attempt => ({ ok: false, finding: 'unhealthy', detail });

/** Asks the health service of a gRPC server. */
export async function attemptGrpc(spec: GrpcSpec, context: CheckContext): Promise<Attempt> {
  const peer = await peerAt(spec.grpc, context);
  if (!peer) return noAddress(spec.grpc, context);
  const unsent = unsendable(spec.headers);
  if (unsent !== undefined) return unhealthy(`the value of the header ${unsent} cannot be sent`);
  const secure = await tlsOf(spec, context);
  if ('problem' in secure) return secure.problem;
  const { clock } = context.platform;
  const startedMs = clock.monotonic();
  const made = await dialled(peer, secure.tls && { ...secure.tls, alpn: ['h2'] }, context);
  if ('problem' in made) return made.problem;
  const { socket } = made;
  return conversation(socket, { peer, context }, async (broken) => {
    if (isTls(socket) && socket.alpnProtocol !== 'h2') {
      return unhealthy(`${peerText(peer)} does not offer HTTP/2 over TLS`);
    }
    const asked = ask(socket, { spec, peer, context }).catch((error: unknown) => ({ error }));
    const answer = await Promise.race([asked, broken]);
    if ('error' in answer) return noHttp2(answer.error, peer);
    const wrong = grpcObjection(answer, spec, context.shown);
    if (wrong !== undefined) return unhealthy(wrong);
    const ms = clock.monotonic() - startedMs;
    return {
      ok: true,
      detail: `${spec.status} in ${Math.round(ms)} ms`,
      answer: { status: spec.status },
      ms,
    };
  });
}

/** What the protocol's own errors tell; every other one is the connection's. */
function noHttp2(error: unknown, peer: Peer): Attempt {
  if (!codeOf(error)?.startsWith('ERR_HTTP2_')) throw error;
  return unhealthy(`${peerText(peer)} does not speak HTTP/2: ${messageOf(error)}`);
}

function ask(
  socket: Socket,
  { spec, peer, context }: { spec: GrpcSpec; peer: Peer; context: CheckContext },
): Promise<Http2Answer> {
  const lowered = Object.entries(spec.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return sendHttp2({
    socket,
    headers: {
      ...Object.fromEntries(lowered),
      ':method': 'POST',
      ':path': healthPath,
      ':scheme': spec.tls === 'off' ? 'http' : 'https',
      ':authority': peerText(peer),
      'content-type': 'application/grpc',
      te: 'trailers',
    },
    body: healthRequest(spec.service),
    signal: context.signal,
  });
}

/** Purely: what is wrong with the answer; undefined: nothing. */
export function grpcObjection(
  { headers, trailers, body }: Http2Answer,
  { service, status: expected }: Pick<GrpcSpec, 'service' | 'status'>,
  shown: (text: string) => string,
): string | undefined {
  const http = Number(headers[':status']);
  if (http !== 200) return `HTTP status ${http}, expected 200`;
  // An answer without a message carries its status in its only headers.
  const code = String(trailers['grpc-status'] ?? headers['grpc-status'] ?? '');
  const message = String(trailers['grpc-message'] ?? headers['grpc-message'] ?? '');
  if (code === '') return 'the answer has no grpc-status, so it is no gRPC server';
  if (code === '5' && expected === 'SERVICE_UNKNOWN') return undefined;
  if (code === '5') return `it knows no service ${shown(JSON.stringify(service))}`;
  if (code === '12') return 'it has no health service (grpc.health.v1.Health)';
  if (code !== '0') return `grpc-status ${codeText(code)}${message === '' ? '' : `: ${shown(message)}`}`;
  const status = healthStatusIn(body);
  if (status === undefined) return 'the answer is no HealthCheckResponse';
  return status === expected ? undefined : `${status}, expected ${expected}`;
}
