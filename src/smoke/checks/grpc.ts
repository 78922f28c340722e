import * as v from 'valibot';
import { choice, text } from '../../config/schema/fields.ts';
import { address } from '../address.ts';
import { checkKind } from '../check.ts';
import { tlsEntries } from '../dialled.ts';
import { servingStatuses } from '../grpc/health.ts';
import { requestHeaders } from '../request-fields.ts';

/** The gRPC health protocol. */
export const grpc = checkKind({
  kind: 'grpc',
  description: 'Asks a gRPC server whether it serves (grpc.health.v1.Health/Check).',
  entries: {
    grpc: address('Where the gRPC server is.'),
    service: v.optional(text('Name of the service; empty: the server as a whole.', ['trading.Orders']), ''),
    status: v.optional(choice('What it has to answer.', servingStatuses), 'SERVING'),
    headers: requestHeaders,
    ...tlsEntries,
  },
  defaultTimeoutMs: 5_000,
  example: `
- name: orders serve
  grpc: :50051
  service: trading.Orders`,
  attempt: async (spec, context) => (await import('../grpc/attempt.ts')).attemptGrpc(spec, context),
});
