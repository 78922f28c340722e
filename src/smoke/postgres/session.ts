import type Client from 'pg/lib/client.js';
import type { Config } from 'pg/lib/client.js';
import { failedIn, type Phase } from '../../platform/phase.ts';
import { dial, type Socket } from '../../platform/tcp.ts';
import type { Server } from '../server.ts';

/** What a query gave, every value as the text that PostgreSQL writes; booleans are `true` and `false`. */
export interface Rows {
  /** Names of the columns. */
  columns: readonly string[];
  rows: readonly (readonly (string | null)[])[];
}

export interface Question {
  text: string;
  access: 'read-only' | 'read-write';
  /** The server gives up by itself after so long: it does not notice that nobody waits any more. */
  timeoutMs: number;
  ca: string | undefined;
  signal: AbortSignal;
}

/** More rows than a check can have use for. */
const mostRows = 100_000;

/**
 * Connects, asks one question in a transaction of its own, and leaves. Rejects with the database's error (`severity` and
 * `code`, an SQLSTATE), or with the connection's, which carries its phase.
 */
export async function ask(server: Server, question: Question): Promise<Rows> {
  const { host, port } = server;
  // Loaded first: nobody would listen to a socket that was opened before.
  const { default: PgClient } = await import('pg/lib/client.js');
  const socket = await dial({ host, port, signal: question.signal });
  let phase = (): Phase => 'answer';
  const abort = () => socket.destroy(new Error('gave up', { cause: question.signal.reason }));
  question.signal.addEventListener('abort', abort, { once: true });
  try {
    const client = new PgClient(configuration(socket, server, question.ca));
    guard(client, socket);
    phase = phaseOn(client);
    return await exchange(client, question);
  } catch (error) {
    throw failedIn(phase(), error as Error);
  } finally {
    question.signal.removeEventListener('abort', abort);
    socket.destroySoon();
  }
}

function configuration(socket: Socket, server: Server, ca: string | undefined): Config {
  const { host, port, user = 'postgres', database = user, password = '' } = server;
  return {
    host,
    port,
    user,
    database,
    password: () => password,
    ssl: server.tls && (ca === undefined ? {} : { ca }),
    sslnegotiation: 'postgres',
    enableChannelBinding: server.tls,
    application_name: 'cutover smoke',
    client_encoding: 'UTF8',
    stream: () => connectedAlready(socket),
  };
}

function guard(client: Client, socket: Socket): void {
  // What goes wrong outside of a call ends the next one, which says so.
  client.on('error', () => {});
  let rows = 0;
  client.connection.on('dataRow', () => {
    rows += 1;
    if (rows > mostRows) socket.destroy(new Error(`more than ${mostRows} rows`));
  });
}

/** The client wants to connect by itself; here it is told that this has happened. */
function connectedAlready(socket: Socket): Socket {
  socket.connect = () => {
    setImmediate(() => socket.emit('connect'));
    return socket;
  };
  return socket;
}

function phaseOn({ connection }: Client): () => Phase {
  let phase: Phase = 'answer';
  connection.once('sslconnect', () => {
    phase = 'tls';
    connection.stream.once('secureConnect', () => {
      phase = 'answer';
    });
  });
  return () => phase;
}

async function exchange(client: Client, { text, access, timeoutMs }: Question): Promise<Rows> {
  await client.connect();
  const mode = access === 'read-only' ? 'read only' : 'read write';
  await client.query(`begin ${mode}; set local statement_timeout = ${Math.ceil(timeoutMs)}`);
  const { fields, rows } = await client.query({
    text,
    rowMode: 'array',
    queryMode: 'extended',
    types: asText,
  });
  await client.query(access === 'read-only' ? 'rollback' : 'commit');
  // Not waited for: it only says goodbye.
  client.end().catch(() => {});
  return { columns: fields.map(({ name }) => name), rows };
}

/** Of the type boolean: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const boolean = 16;

const asText = {
  getTypeParser: (oid: number) => (text: string) => (oid === boolean ? String(text === 't') : text),
};
