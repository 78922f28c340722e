import type { AnyCheckKind } from '../check.ts';
import { http } from './http.ts';
import { metrics } from './metrics.ts';
import { postgres } from './postgres.ts';
import { promql } from './promql.ts';
import { redis } from './redis.ts';

/** Every kind of check, in the order of the docs: one line each. */
export const checkKinds: readonly AnyCheckKind[] = [http, redis, postgres, metrics, promql];
