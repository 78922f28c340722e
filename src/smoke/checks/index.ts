import type { AnyCheckKind } from '../check.ts';
import { exec } from './exec.ts';
import { grpc } from './grpc.ts';
import { http } from './http.ts';
import { load } from './load.ts';
import { metrics } from './metrics.ts';
import { postgres } from './postgres.ts';
import { promql } from './promql.ts';
import { redis } from './redis.ts';
import { tcp } from './tcp.ts';
import { websocket } from './websocket.ts';

/** Every kind of check, in the order of the docs: one line each. */
export const checkKinds: readonly AnyCheckKind[] = [
  http,
  tcp,
  websocket,
  grpc,
  redis,
  postgres,
  metrics,
  promql,
  exec,
  load,
];
