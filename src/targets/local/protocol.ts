import type { Color, Component } from '../../config/model.ts';
import { messageOf, UserError } from '../../platform/errors.ts';
import type { ActiveFault, Disturbance, ExecRequest, Executed, FaultReading, Reverted } from '../fault.ts';
import {
  type Artifact,
  type ColorTraffic,
  Fenced,
  type Inventory,
  LeaseHeld,
  type LeaseInfo,
  LeaseLost,
  NotReady,
  type ReleaseRef,
  type Retired,
  type RetireRequest,
  RouteChanged,
  type RouteState,
  type Switched,
} from '../target.ts';

/**
 * Steps and supervisor exchange one JSON object a line over a Unix socket. Grows with each change that an older side
 * would misunderstand. `hello`, `shutdown` and `handover` keep their shape in all versions.
 */
export const protocolVersion = 2;

/** Longest line, in bytes; a longer one ends the connection. Journal documents are the largest thing sent. */
export const largestMessage = 8 * 1024 * 1024;

/** Parameters and result of each call. */
export interface Calls {
  hello: { params: Record<string, never>; result: { protocol: number; pid: number; startedAt: number } };
  inspect: { params: Record<string, never>; result: Inventory };
  prepare: { params: PrepareParams; result: Record<string, never> };
  switch: {
    params: { component: string; color: Color; expecting: number; token: number };
    result: Switched;
  };
  follows: { params: { component: string; color: Color }; result: Follows };
  traffic: { params: { component: string }; result: Readonly<Record<Color, ColorTraffic>> };
  /** Opens the colour's own address at the proxy where it is not open yet. */
  endpoint: { params: { component: string; color: Color }; result: { host: string; port: number } };
  retire: { params: Omit<RetireRequest, 'signal'>; result: Retired };
  'lease.acquire': { params: { holder: string; ttlMs: number }; result: { token: number } };
  'lease.renew': { params: { token: number }; result: Record<string, never> };
  'lease.release': { params: { token: number }; result: Record<string, never> };
  'lease.read': { params: Record<string, never>; result: { lease: LeaseInfo | null } };
  'journal.write': {
    /** A document of null removes it. */
    params: { key: string; document: unknown; token: number };
    result: Record<string, never>;
  };
  'fault.obstacle': { params: { what: Disturbance }; result: { obstacle: string | null } };
  'fault.inject': {
    params: { id: string; what: Disturbance; ttlMs: number; token: number };
    result: Record<string, never>;
  };
  'fault.read': {
    params: { id: string | null; instances: readonly string[]; component: string };
    result: FaultReading;
  };
  'fault.revert': { params: { id: string }; result: { reverted: Reverted } };
  'fault.active': { params: Record<string, never>; result: { faults: readonly ActiveFault[] } };
  exec: { params: Omit<ExecRequest, 'signal'>; result: Executed };
  /** Stops all processes and proxies, then the supervisor. */
  shutdown: { params: { graceMs?: number }; result: Record<string, never> };
  /** Ends the supervisor alone; the next one adopts what runs. Proxies are closed in between. */
  handover: { params: Record<string, never>; result: Record<string, never> };
}

export type CallName = keyof Calls;

export interface PrepareParams {
  component: Component;
  color: Color;
  release: ReleaseRef;
  artifact: Artifact;
  instances: number;
  baseEnvironment: Readonly<Record<string, string>>;
  token: number;
}

/** What the supervisor knows about a route's data plane. */
export interface Follows {
  route: RouteState;
  /** Whether every new request goes to the colour asked for, and no idle connection to the other one is left. */
  follows: boolean;
  /** Why not. */
  detail: string | null;
  firstNewMs: number | null;
  lastOldMs: number | null;
  /** Milliseconds since 1970 of the last switch, null where this supervisor has seen none. */
  switchedAt: number | null;
}

export interface Request {
  v: number;
  id: number;
  method: string;
  params: unknown;
}

export interface Progress {
  ready: number;
  total: number;
  text: string;
}

export type Incoming = Request | { v: number; cancel: number };

export type Reply =
  | { id: number; result: unknown }
  | { id: number; error: WireError }
  | { id: number; progress: Progress };

export interface WireError {
  name: string;
  message: string;
  stack?: string;
  next?: string;
  docs?: string;
  lease?: LeaseInfo;
  finding?: NotReady['finding'];
  output?: string;
}

export function encodeError(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: messageOf(error) };
  const wire: WireError = { name: error.name, message: error.message };
  if (!(error instanceof UserError)) return error.stack ? { ...wire, stack: error.stack } : wire;
  if (error.next) wire.next = error.next;
  if (error.docs) wire.docs = error.docs;
  if (error instanceof LeaseHeld) wire.lease = error.lease;
  if (error instanceof NotReady) {
    wire.finding = error.finding;
    wire.output = error.output;
  }
  return wire;
}

export function decodeError(wire: WireError): Error {
  const options = { ...(wire.next ? { next: wire.next } : {}), ...(wire.docs ? { docs: wire.docs } : {}) };
  switch (wire.name) {
    case 'RouteChanged':
      return new RouteChanged(wire.message, options);
    case 'Fenced':
      return new Fenced(wire.message, options);
    case 'LeaseLost':
      return new LeaseLost(wire.message, options);
    case 'LeaseHeld':
      if (wire.lease) return new LeaseHeld(wire.lease, wire.next ? { next: wire.next } : {});
      break;
    case 'NotReady':
      return new NotReady(wire.finding ?? 'unhealthy', wire.message, wire.output ?? '');
    case 'UserError':
      return new UserError(wire.message, options);
  }
  return Object.assign(new Error(`supervisor: ${wire.message}`), wire.stack ? { stack: wire.stack } : {});
}

export const encodeLine = (message: unknown): string => `${JSON.stringify(message)}\n`;

/**
 * Cuts a stream of chunks into lines and parses each.
 * @throws Error when a line is longer than `limit` bytes or is not JSON
 */
export function lineReader(onMessage: (message: unknown) => void, limit = largestMessage) {
  let pending: Buffer[] = [];
  let size = 0;
  return (chunk: Buffer): void => {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      if (size + end > limit) throw new Error(`a message is longer than ${limit} bytes`);
      const line = Buffer.concat([...pending, rest.subarray(0, end)]).toString('utf8');
      pending = [];
      size = 0;
      rest = rest.subarray(end + 1);
      if (line.trim() !== '') onMessage(JSON.parse(line));
    }
    if (rest.length > 0) pending.push(rest);
    size += rest.length;
    if (size > limit) throw new Error(`a message is longer than ${limit} bytes`);
  };
}
