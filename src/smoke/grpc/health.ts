/** The messages of grpc.health.v1.Health, https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
export const healthPath = '/grpc.health.v1.Health/Check';

/** In the order of their numbers. */
export const servingStatuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;
export type ServingStatus = (typeof servingStatuses)[number];

/** Purely: `HealthCheckRequest { service }` in a gRPC frame. */
export function healthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message = service === '' ? name : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const head = Buffer.alloc(5); // Not compressed, then the length.
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return [...bytes, left];
}

/** Purely: the status in a gRPC frame with a `HealthCheckResponse`; undefined where the bytes are something else. */
export function healthStatusIn(body: Buffer): ServingStatus | undefined {
  if (body.length < 5 || body[0] !== 0) return undefined;
  const message = body.subarray(5, 5 + body.readUInt32BE(1));
  if (message.length !== body.readUInt32BE(1)) return undefined;
  return servingStatuses[statusField(message) ?? -1];
}

/** Field 1, a varint; a status of 0 is not sent. Other fields are passed over. */
function statusField(message: Buffer): number | undefined {
  let status = 0;
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; at < message.length; shift += 7) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const tag = next();
    if (tag === 0x08) status = next();
    else if (tag % 8 === 0) next();
    else if (tag % 8 === 2) {
      const length = next();
      at += length;
    } else return undefined;
    if (!Number.isFinite(at) || Number.isNaN(status)) return undefined;
  }
  return status;
}

/** Names of the codes that a call can end with, in the order of their numbers. */
const codes = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** `5 NOT_FOUND` */
export function codeText(code: string): string {
  const name = codes[Number(code)];
  return name === undefined ? code : `${code} ${name}`;
}
